// SPDX-License-Identifier: LGPL-2.1-or-later

int main ()
{
	var arena = new Gc.Arena ();
	arena.collect ();
	return 0;
}
