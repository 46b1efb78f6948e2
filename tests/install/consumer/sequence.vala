// SPDX-License-Identifier: LGPL-2.1-or-later

int main ()
{
	var runner = new Gc.Runner (new Gc.Arena ());
	return runner.step (1) ? 1 : 0;
}
