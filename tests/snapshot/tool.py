# What gcobj-snapshot says of good files, and of bad ones.
#
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Usage: tool.py GCOBJ_SNAPSHOT [--seed N]"""

import html.parser
import json
import os
import random
import re
import resource
import stat
import subprocess
import sys
import tempfile

from heapfile import EDGES, KINDS, META, Heap, small

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'checks'))
from tap import Report  # noqa: E402

TOOL = os.path.abspath(sys.argv[1])
SEED = int(sys.argv[3]) if len(sys.argv) > 3 else random.randrange(1 << 32)
VOID = {'meta', 'rect', 'br', 'link', 'img'}


def call(*args, stdout=subprocess.PIPE):
    return subprocess.run([TOOL, *map(str, args)], stdout=stdout, stderr=subprocess.PIPE, text=True,
                          check=False, timeout=60)


def write(path, content):
    with open(path, 'wb') as out:
        out.write(content if isinstance(content, bytes) else content.encode())
    return path


def expect(done, *patterns):
    """Problems: it failed, or a pattern does not match what it prints, in this order."""
    if done.returncode != 0 or done.stderr:
        yield f'exit status {done.returncode}: {done.stderr}'
    rest = done.stdout
    for pattern in patterns:
        match = re.search(pattern, rest, re.M)
        if not match:
            yield f'no {pattern!r} in {rest!r}'
            return
        rest = rest[match.end():]


def fails(done, status, *words):
    """Problems: it did not fail as a good program does."""
    if done.returncode != status:
        yield f'exit status {done.returncode}, not {status}'
    if done.stdout:
        yield f'it prints {done.stdout[:100]!r}'
    if not done.stderr.startswith('gcobj-snapshot: ') or done.stderr.count('\n') != (2 if status == 2 else 1):
        yield f'the message is {done.stderr!r}'
    for word in words:
        if word not in done.stderr:
            yield f'no {word!r} in {done.stderr!r}'


def tables(folder):
    path = write(f'{folder}/small', small(2).text())
    yield from expect(call('top', path), 'retained +shallow +count +type', r'^ +4338 +100 +1 +Document$',
                      r'^ +4150 +150 +3 +Page$', r'^ +4000 +4000 +1 +external bytes$', r'^ +58 +10 +1 +Cache$',
                      r'^ +48 +48 +2 +Entry$', r'^ +30 +30 +1 +\(string\)$')
    yield from expect(call('top', '--sort=count', '--limit=1', path), r'^ +4150 +150 +3 +Page$', r'5 more')
    yield from expect(call('top', '-s', 'shallow', '-n', '1', path), r'external bytes$')
    # What another of its type retains is counted once.
    heap = Heap()
    above = 0
    for size in (1, 10, 100):
        node = heap.node('object', 'Nested', size)
        heap.edge(above, 'property', 'below', node)
        heap.edge(node, 'property', 'leaf', heap.node('object', 'Leaf', 1000 * size))
        above = node
    yield from expect(call('top', write(f'{folder}/nested', heap.text())), r'^ +111111 +111 +3 +Nested$',
                      r'^ +111000 +111000 +3 +Leaf$')
    ours = write(f'{folder}/ours', small().text({'version': '0.1.0', 'pauses': []}))
    yield from expect(call('top', ours), r'GcString$')


def paths(folder):
    path = write(f'{folder}/small', small(2).text())
    wanted = [r'^\(GC roots\)\n\(Arena root\)\n', r'^  root +Document @7  \(100 bytes, retains 4338\)$',
              r'^  \[2\] +Page @13  \(50 bytes, retains 4050\)$']
    for what in ('@13', '13', 'Page'):
        yield from expect(call('path', path, what), *wanted)
    yield from expect(call('path', path, 'Entry'), r'^  cache +Cache', r'^  \[0\] +Entry @1001')
    yield from fails(call('path', path, '@999'), 1, '@999', path)
    yield from fails(call('path', path, 'Nothing'), 1, 'Nothing', path)
    # A column has room for 20 characters; a longer name takes what it needs.
    for name in ('é' * 5, 'x' * 19, 'x' * 20, 'x' * 21, 'x' * 50):
        heap = Heap()
        heap.edge(0, 'property', name, heap.node('object', 'Held', 8))
        yield from expect(call('path', write(f'{folder}/name', heap.text()), 'Held'), f'^  {name}{" " * max(20 - len(name), 0)} Held @3')
    heap = small()
    heap.edge(3, 'weak', 'loose', heap.node('object', 'Loose', 8))
    yield from fails(call('path', write(f'{folder}/loose', heap.text()), 'Loose'), 1, 'weak')


def differences(folder):
    old = write(f'{folder}/old', small(10).text())
    new = write(f'{folder}/new', small(30).text())
    yield from expect(call('diff', old, new), r'^ +\+480 +\+20 +0  Entry$', r'^New: 20 Entry$',
                      r'^  20 of them, 480 bytes, held by Cache @15$', r'^ +cache +Cache @15')
    # A holder is an old object: what new ones hold, holds the holder of these.
    heap = small(10)
    entry = heap.node('object', 'Entry', 24, 5001)
    value = heap.node('object', 'Value', 500, 5003)
    heap.edge(7, 'element', 99, entry)
    heap.edge(entry, 'property', 'value', value)
    yield from expect(call('diff', old, write(f'{folder}/deep', heap.text())), r'^ +\+500 +\+1 +0  Value$',
                      r'^New: 1 Value$', r'^  1 of them, 500 bytes, held by Cache @15$')
    yield from expect(call('diff', new, old), r'^ +-480 +\+0 +-20  Entry$')
    yield from expect(call('diff', old, old), 'nothing changed')
    arenas = [write(f'{folder}/arena{i}', small(i).text({'version': '0.1.0', 'arena': i // 2 + 5})) for i in range(4)]
    yield from expect(call('diff', *arenas[:2]), r'\+1 +0  Entry$')
    yield from fails(call('diff', *arenas[1:3]), 1, 'two arenas', arenas[1], arenas[2])
    yield from fails(call('diff', old, arenas[0]), 1, 'two arenas')


def drawings(folder):
    path = write(f'{folder}/small', small(2).text())
    done = call('dot', path, 'Document')
    yield from expect(done, r'^digraph', r'Document @7\\n100 bytes, retains 4338", style=filled', r'label="title"',
                      r'style=dashed')
    for depth, nodes in ((0, 1), (1, 7), (2, 10)):
        found = len(re.findall(r'^  n\d+ \[', call('dot', '--depth', depth, path, '@7').stdout, re.M))
        if found != nodes:
            yield f'{found} nodes at depth {depth}, not {nodes}'
    if len(re.findall(r'^  n\d+ \[', call('dot', '--nodes=4', path, '@7').stdout, re.M)) != 4:
        yield 'not 4 nodes'
    # As far as it goes, and no further.
    yield from expect(call('dot', '--depth', 2 ** 31 - 1, path, '@7'), 'digraph')
    if r'A  title  <b>&amp;' not in done.stdout:
        yield f'the text of the string is not there: {done.stdout}'


class Page(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.open, self.problems, self.seen = [], [], {}

    def handle_starttag(self, tag, attrs):
        self.seen[tag] = self.seen.get(tag, 0) + 1
        if tag not in VOID:
            self.open.append(tag)
        for name, value in attrs:
            if name in ('src', 'href'):
                self.problems.append(f'{tag} refers to {value}')
            if tag in ('rect', 'svg') and name in ('x', 'y', 'width', 'height') and not re.fullmatch(r'\d+(\.\d+)?', value):
                self.problems.append(f'{name} is {value}')

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.problems.append(f'</{tag}> closes nothing')


def report_page(folder):
    heap = small(50)
    heap.edge(3, 'property', 'odd', heap.node('object', '<script>alert("&")</script>', 900))
    pauses = [0, 5, 1000, 0, 1] + [0] * 19
    path = write(f'{folder}/sm<a>ll', heap.text({'version': '0.1.0', 'pauses': pauses, 'max_pause_ns': 15500, 'n_cycles': 3}))
    output = f'{folder}/page.html'
    yield from expect(call('report', '-o', output, path))
    with open(output, encoding='utf-8') as text:
        content = text.read()
    page = Page()
    page.feed(content)
    yield from page.problems
    if page.open or 'script' in page.seen or page.seen.get('svg') != 2:
        yield f'open: {page.open}, {page.seen}'
    for wanted in ('Heap: sm&lt;a&gt;ll', '>1000<', '&lt; 4 µs', '<p>3 cycles. The longest pause took 15.5 µs.</p>', '&lt;script&gt;',
                   'Document: 1, retaining', 'Entry: 50, retaining', '<td>Entry</td>', 'What retains most'):
        if wanted not in content:
            yield f'no {wanted!r}'
    if 'http' in content:
        yield 'it is not self-contained'
    # The last page is on the way to its pixels, and no place where something comes together.
    largest = re.findall(r' (\S+ bytes|\S+) @\d+  \(\d+ bytes, retains \d+\)\s*</pre>', content)
    if largest[:3] != ['Document', 'external bytes', 'Cache']:
        yield f'the largest are {largest}'
    # The areas of the map are retained bytes.
    areas = {name: float(w) * float(h) for w, h, name in
             re.findall(r'<rect [^>]*width="([\d.]+)" height="([\d.]+)"[^>]*/><title>([^:]*):', content)}
    if not 3 < areas['Page'] / areas['&lt;script&gt;alert(&quot;&amp;&quot;)&lt;/script&gt;'] < 6:
        yield f'{areas}'
    plain = write(f'{folder}/plain', small().text())
    yield from expect(call('report', plain), 'does not tell of pauses')
    # Collections that the program asked for are no pauses of the collector's, but not nothing either.
    for figures, wanted in (
            ({'n_cycles': 1}, '1 cycle. The collector made no pause yet.'),
            ({'n_cycles': 2, 'n_requests': 1, 'max_request_ns': 1234567},
             '2 cycles. The program asked for 1 collection at once, of 1234.6 µs at most. '
             'The collector made no other pause yet.'),
            ({'n_cycles': 0, 'n_requests': 3, 'max_request_ns': 2000, 'pauses': [1], 'max_pause_ns': 900},
             '0 cycles. The program asked for 3 collections at once, of 2.0 µs at most. '
             'The longest other pause took 0.9 µs.')):
        asked = write(f'{folder}/asked', small().text({'version': '0.1.0', 'pauses': [0], **figures}))
        yield from expect(call('report', asked), re.escape(f'<p>{wanted}</p>'))


def dominators(folder):
    """Random graphs against a computation that takes each node out."""
    chance = random.Random(SEED)
    for round_ in range(40):
        heap = Heap()
        n = chance.randrange(1, 40)
        for _ in range(n):
            heap.node(chance.choice(KINDS), chance.choice('abcde'), chance.randrange(100))
        for source in range(n + 1):
            for _ in range(chance.randrange(0, 4)):
                kind = chance.choice(EDGES)
                name = 5 if kind in ('element', 'hidden') else 'name'
                heap.edge(source, kind, name, chance.randrange(n + 1))
        done = call('nodes', write(f'{folder}/random', heap.text()))
        yield from expect(done)
        found = {}
        for line in done.stdout.splitlines()[1:]:
            identity, dominator, _, _, retained, _ = line.split('\t')
            found[(int(identity) - 1) // 2] = ((int(dominator) - 1) // 2, int(retained))
        wanted = heap.reference()
        if found != wanted:
            yield f'seed {SEED}, round {round_}: {found} is not {wanted}'


def broken():
    """Files that are none, by name."""
    good = small().data()

    def changed(change):
        data = json.loads(json.dumps(good))
        change(data)
        return json.dumps(data)

    def at(key, index, value):
        def change(data):
            data[key][index] = value
        return changed(change)

    def head(key, value):
        return changed(lambda data: data['snapshot'].__setitem__(key, value))

    def meta(key, value):
        return changed(lambda data: data['snapshot']['meta'].__setitem__(key, value))

    yield 'nothing', b''
    yield 'zeros', bytes(5000)
    yield 'text', 'This is not a heap snapshot.\n'
    yield 'a program', b'\x7fELF\x02\x01\x01' + bytes(range(256))
    yield 'a picture', b'\x89PNG\r\n\x1a\n' + bytes(100)
    yield 'other JSON', '{"nodes": [], "edges": []}'
    yield 'an array', '[1, 2, 3]'
    yield 'a number', '17'
    yield 'no meta', '{"snapshot": {"node_count": 1, "edge_count": 0}, "nodes": [], "edges": [], "strings": []}'
    yield 'only a head', json.dumps({'snapshot': good['snapshot']})
    yield 'two heads', json.dumps(good)[:-1] + ', "snapshot": ' + json.dumps(good['snapshot']) + '}'
    yield 'more after its end', json.dumps(good) + 'x'
    yield 'too many nodes', head('node_count', 10 ** 9)
    yield 'far too many nodes', head('node_count', 10 ** 17)
    yield 'no nodes', head('node_count', 0)
    yield 'one node too few', head('node_count', good['snapshot']['node_count'] - 1)
    yield 'one node too many', head('node_count', good['snapshot']['node_count'] + 1)
    yield 'one edge too few', head('edge_count', good['snapshot']['edge_count'] - 1)
    yield 'one edge too many', head('edge_count', good['snapshot']['edge_count'] + 1)
    yield 'a negative number', at('nodes', 3, -1)
    yield 'a fraction', at('nodes', 3, 1.5)
    yield 'a number in words', at('nodes', 3, 'one')
    yield 'a huge number', at('nodes', 3, 10 ** 30)
    yield 'an unknown kind', at('nodes', 0, 77)
    yield 'an unknown kind of edge', at('edges', 0, 77)
    yield 'a name that is not there', at('nodes', 1, 10 ** 6)
    yield "an edge's name that is not there", at('edges', 7, 10 ** 6)
    yield 'an edge to nowhere', at('edges', 2, 7 * 10 ** 6)
    yield 'an edge between two nodes', at('edges', 2, 8)
    yield 'edges of another', at('nodes', 4, 3)
    yield 'a row too short', changed(lambda data: data['nodes'].pop())
    yield 'the last edge missing', changed(lambda data: data['edges'].__delitem__(slice(-3, None)))
    yield 'a number as text', at('strings', 1, 5)
    yield 'no such fields', meta('node_fields', ['a', 'b'])
    yield 'many fields', meta('node_fields', META['node_fields'] * 20)
    yield 'many kinds', meta('node_types', [KINDS * 20])
    yield 'no kinds', meta('node_types', [])
    yield 'nesting', '{"snapshot": ' + '[' * 100000
    yield 'half a bracket', '{"snapshot": {]'
    yield 'not UTF-8', json.dumps(good).encode().replace(b'Document', b'Doc\xff\xfeent')
    yield 'a bad escape', json.dumps(good).replace('Document', 'Doc\\qument')
    yield 'a bad number in an escape', json.dumps(good).replace('Document', 'Doc\\u12zzment')


def bad_files(folder):
    for name, content in broken():
        path = write(f'{folder}/bad', content)
        for problem in fails(call('top', path), 1, path):
            yield f'{name}: {problem}'
    yield from fails(call('top', f'{folder}/missing'), 1, 'missing')
    yield from fails(call('top', folder), 1, folder)
    good = write(f'{folder}/good', small().text())
    yield from fails(call('diff', good, write(f'{folder}/bad', 'x')), 1, f'{folder}/bad')
    # What a format says of itself twice is what it says last: nothing of the rows that it had before.
    for key in ('node_fields', 'edge_fields'):
        for last in ([], ['x']):
            twice = small().text().replace(f'"{key}": ', f'"{key}": {json.dumps(META[key])}, "{key}": {json.dumps(last)}, "x": ')
            yield from fails(call('top', write(f'{folder}/twice', twice)), 1, 'its description of')


def odd_but_good(folder):
    """Spaces, unknown members, escapes, other orders of fields: all of it is JSON."""
    data = small().data()
    data['strings'] = [text.replace('Document', 'D\U0001f427é\u0001') for text in data['strings']]
    for text in (json.dumps(data, indent=3), json.dumps(dict(data, extra={'a': [1.5e3, -1, None, True, {'b': 'c\\"'}]}))):
        yield from expect(call('top', write(f'{folder}/odd', text)), 'D\U0001f427é')
    lone = json.dumps(data).replace('\\ud83d\\udc27', '\\ud83dx\\u0000')
    yield from expect(call('top', write(f'{folder}/lone', lone)), 'D\ufffdx\ufffd')
    heap = Heap()
    heap.node('object', 'alone', 8)
    yield from expect(call('nodes', write(f'{folder}/edgeless', heap.text())))


def names(folder):
    """Names are anybody's: none of them breaks a line, or tells a terminal what to do."""
    heap = Heap()
    odd = heap.node('object', 'A\n\t\x1b]0;title\x07\x9b31mB', 8)
    heap.edge(0, 'property', 'one\n\x1b[2Jtwo', odd)
    path = write(f'{folder}/odd', heap.text())
    empty = write(f'{folder}/empty', Heap().text())
    for args in (['top', path], ['nodes', path], ['path', path, '@3'], ['diff', empty, path], ['dot', path, '@3'],
                 ['report', path]):
        done = call(*args)
        yield from expect(done, 'A +]0;title +31mB')
        if re.search('[\x00-\x08\x0b-\x1f\x7f-\x9f]', done.stdout):
            yield f'{args[0]} prints {done.stdout!r}'
    if len(call('nodes', path).stdout.splitlines()) != 3:
        yield 'a name breaks a line'
    yield from expect(call('path', path, '@3'), r'^  one +\[2Jtwo {8,}A')


def cut_short(folder):
    """Wherever a file is cut, it is refused."""
    text = small(3).text({'version': '0.1.0', 'pauses': [1, 2]})
    for n in range(0, len(text) - 1, 7):
        for problem in fails(call('top', write(f'{folder}/cut', text[:n])), 1, 'cut short' if n > 20 else ''):
            yield f'{n} of {len(text)} bytes: {problem}'


def damaged(folder):
    """Bytes changed at random: it reads the file or refuses it, and nothing else."""
    chance = random.Random(SEED)
    text = small(3).text({'version': '0.1.0', 'pauses': [1, 2]}).encode()
    for _ in range(400):
        content = bytearray(text)
        for _ in range(chance.randrange(1, 6)):
            position = chance.randrange(len(content))
            if chance.random() < 0.5:
                content[position] = chance.choice(b'0123456789[]{},:"\\ ')
            else:
                del content[position:position + chance.randrange(1, 30)]
        done = call(chance.choice(['top', 'nodes', 'report']), write(f'{folder}/damaged', bytes(content)))
        if done.returncode not in (0, 1):
            yield f'seed {SEED}: exit status {done.returncode} for {bytes(content)!r}'
        elif done.returncode == 1:
            yield from fails(done, 1)


def output(folder):
    good = write(f'{folder}/good', small().text())
    bad = write(f'{folder}/bad', small().text()[:-50])
    page = f'{folder}/page.html'
    # A failure leaves what was there, or nothing.
    yield from fails(call('report', '-o', page, bad), 1)
    if os.path.exists(page):
        yield 'there is a page after a failure'
    write(page, 'before')
    yield from fails(call('report', '-o', page, bad), 1)
    with open(page, encoding='utf-8') as text:
        if text.read() != 'before':
            yield 'the page before is gone'
    yield from fails(call('report', '-o', f'{folder}/none/page.html', good), 1, 'none')
    yield from fails(call('report', '-o', folder, good), 1)
    if sorted(os.listdir(folder)) != ['bad', 'good', 'page.html']:
        yield f'{os.listdir(folder)}'
    if os.path.exists('/dev/full'):
        with open('/dev/full', 'w', encoding='utf-8') as full:
            for command in ('top', 'report'):
                done = call(command, good, stdout=full)
                if done.returncode != 1 or 'space' not in done.stderr:
                    yield f'{command} to a full disk: exit status {done.returncode}, {done.stderr!r}'
            done = call('--help', stdout=full)
            if done.returncode != 1 or 'the help' not in done.stderr:
                yield f'--help to a full disk: exit status {done.returncode}, {done.stderr!r}'


def odd_places(folder):
    """What is no regular file is written to, and never replaced by one."""
    good = write(f'{folder}/good', small().text())
    pipe = f'{folder}/pipe'
    os.mkfifo(pipe)
    with subprocess.Popen(['cat', pipe], stdout=subprocess.PIPE, text=True) as reader:
        yield from expect(call('report', '-o', pipe, good))
        if not stat.S_ISFIFO(os.stat(pipe).st_mode):
            yield 'the pipe is none any more'
            reader.kill()
        elif not reader.communicate(timeout=60)[0].endswith('</html>\n'):
            yield 'the pipe does not get all of it'
    with open(good, encoding='utf-8') as text:
        content = text.read()
    shown = call('top', good).stdout
    for name in ('-', '/dev/stdin', pipe):
        source = subprocess.Popen(['cp', good, pipe]) if name == pipe else None
        done = subprocess.run([TOOL, 'top', name], input=None if source else content, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, text=True, check=False, timeout=60)
        yield from expect(done)
        if done.stdout.replace(f'{name}\n', f'{good}\n') != shown:
            yield f'from {name} comes {done.stdout!r}, not {shown!r}'
        if source:
            source.wait(timeout=60)
    with open(good, encoding='utf-8') as text:
        done = subprocess.run([TOOL, 'top', '-'], stdin=text, stdout=subprocess.PIPE, text=True, check=False, timeout=60)
    if done.returncode != 0 or 'retained' not in done.stdout:
        yield f'a file as standard input: exit status {done.returncode}'
    for words in (['top', '-'], ['diff', '-', '-']):
        done = subprocess.run([TOOL, *words], input=content if len(words) == 3 else '', stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, text=True, check=False, timeout=60)
        yield from fails(done, 1, 'not a heap snapshot')
    full = f'{folder}/full'
    try:
        os.mknod(full, 0o666 | stat.S_IFCHR, os.makedev(1, 7))
        with open(full, 'wb'):
            pass
    except OSError as error:
        print(f'# no device: {error}')
    else:
        yield from fails(call('report', '-o', full, good), 1, 'space', full)
        if not stat.S_ISCHR(os.stat(full).st_mode):
            yield 'the device is none any more'
    for args in (['top', good], ['report', good], ['--version'], ['--help']):
        done = subprocess.run(['sh', '-c', 'exec "$@" >&-', 'sh', TOOL, *args], stderr=subprocess.PIPE, text=True,
                              check=False, timeout=60)
        if done.returncode != 1 or ('the help' if args == ['--help'] else 'descriptor') not in done.stderr:
            yield f'{args} with standard output closed: exit status {done.returncode}, {done.stderr!r}'


def usage(folder):
    good = write(f'{folder}/good', small().text())
    for args in ([], ['none'], ['top'], ['top', good, good], ['diff', good], ['path', good], ['top', '--none', good],
                 ['top', '--sort=size', good], ['top', '--limit=x', good], ['top', '--limit=-5', good],
                 ['dot', '--nodes=0', good, '@1'], ['dot', '--depth=-1', good, '@1']):
        for problem in fails(call(*args), 2):
            yield f'{args}: {problem}'
    yield from expect(call('--help'), 'COMMAND FILE', 'Commands:', 'top FILE', 'path FILE WHAT', 'diff OLD NEW',
                      'dot FILE WHAT', 'report FILE', 'nodes FILE', '--sort', 'Exit status')
    yield from expect(call('--version'), r'^gcobj-snapshot \d+\.\d+\.\d+$')


def node_own(folder):
    """What Node.js writes of itself."""
    path = f'{folder}/node.heapsnapshot'
    subprocess.run(['node', '-e', f'require("v8").writeHeapSnapshot({json.dumps(path)})'], check=True,
                   stdout=subprocess.DEVNULL)
    yield from expect(call('top', path), r'retained', r'\(closure\)|\(string\)|\(code\)')
    yield from expect(call('report', '-o', f'{folder}/page.html', path))


def million(folder):
    """1 million objects and 2 million references in less than 3 s of processor time."""
    n = 1000000
    chance = random.Random(1)
    path = f'{folder}/million'
    head = {'meta': META, 'node_count': n + 1, 'edge_count': 2 * n, 'trace_function_count': 0}
    with open(path, 'w', encoding='ascii') as out:
        out.write('{"snapshot":' + json.dumps(head) + ',\n"nodes":[9,0,1,0,1,0,0\n')
        counts = [2] * (n - 1) + [1]
        out.writelines(f',3,{1 + i % 9},{2 * i + 3},48,{counts[i]},0,0\n' for i in range(n))
        out.write('],\n"edges":[2,10,7\n')
        # A chain, so that the tree is deep, and ways back and forth.
        out.writelines(f',2,10,{(i + 2) * 7}\n,2,11,{chance.randrange(1, n + 1) * 7}\n' for i in range(n - 1))
        out.write(',2,11,7\n],\n"strings":' + json.dumps([''] + [f'Type{i}' for i in range(9)] + ['next', 'other']) + '}\n')
    for command in ('top', 'report'):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        yield from expect(call(command, path), 'Type0')
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        print(f'# {command}: {seconds:.2f} s', flush=True)
        if seconds >= 3 and not os.environ.get('ASAN_OPTIONS') and not os.environ.get('TSAN_OPTIONS'):
            yield f'{command} takes {seconds:.2f} s'


def main():
    report = Report()
    print(f'# seed {SEED}')
    for test in (tables, paths, differences, drawings, report_page, dominators, bad_files, odd_but_good, names, cut_short,
                 damaged, output, odd_places, usage, million):
        with tempfile.TemporaryDirectory() as folder:
            report.result(test.__name__, list(test(folder))[:20])
    try:
        subprocess.run(['node', '--version'], check=True, stdout=subprocess.DEVNULL)
    except (OSError, subprocess.CalledProcessError):
        report.skip('node_own', 'there is no node')
    else:
        with tempfile.TemporaryDirectory() as folder:
            report.result('node_own', list(node_own(folder)))
    report.done()


if __name__ == '__main__':
    main()
