# SPDX-License-Identifier: LGPL-2.1-or-later
"""How results are shown: tables, a chart, and a table for the reference.

A "program" is one workload on one peer; "compared" has the programs of each
workload by the workload's short name, W1 to W6. Ratios are to ours: above 1
is where ours is better.
"""

import statistics
from xml.sax.saxutils import escape


def cost(program):
    """Instructions where they were counted, or else CPU seconds."""
    return program.instructions or program.cpu


def ratio(program, programs, ours):
    base = next((cost(other) for other in programs if other.rival == ours),
                None)
    return cost(program) / base if base else None


def print_table(rows):
    """Columns as wide as they need, the first to the left."""
    widths = [max(map(len, column)) for column in zip(*rows)]
    for row in rows:
        print('  ' + '  '.join(cell.ljust(width) if i == 0
                               else cell.rjust(width)
                               for i, (cell, width)
                               in enumerate(zip(row, widths))).rstrip())


def median_text(values):
    median = statistics.median(map(float, values))
    return f'{median:.0f}' if median >= 100 else f'{median:.3g}'


def print_comparison(programs, ours, agreed, alone):
    """One line per rival."""
    instructions = programs[0].instructions is not None
    # What is ours alone gets a table of its own.
    shared = sorted({key for program in programs
                     for key, _ in program.figures()} if not alone else ())
    rows = [['peer',
             *(['M instructions'] if instructions else ['CPU ms', 'range']),
             'ratio', *([] if instructions else ['peak MB', *shared]),
             'checksum']]
    for program in programs:
        row = [program.rival]
        if instructions:
            row += [f'{cost(program) / 1e6:.1f}']
        else:
            row += [f'{cost(program) * 1e3:.0f}',
                    f'{min(program.cpu_seconds) * 1e3:.0f}-'
                    f'{max(program.cpu_seconds) * 1e3:.0f}']
        to_ours = ratio(program, programs, ours) if program.does_work else None
        row += [f'{to_ours:.2f}' if to_ours else '-']
        if not instructions:
            figures = dict(program.figures())
            row += [f'{program.peak_mb:.1f}']
            row += [median_text(figures[key]) if key in figures else '-'
                    for key in shared]
        row += ['-' if not program.does_work else
                'agrees' if program.checksums == {agreed} else 'MISMATCH']
        rows.append(row)
    print_table(rows)


def print_figures(program, alone):
    """What our collector says of itself, and for a workload of ours alone all
    of its figures; then what is no number."""
    figures = sorted(program.figures(of_collector=True))
    if alone:
        figures += sorted(program.figures())
    rows = [['figure', 'median', 'worst']]
    texts = []
    for key, values in figures:
        try:
            numbers = [float(value) for value in values]
        except ValueError:
            texts += [f'  {key}: {value}' for value in sorted(set(values))]
        else:
            rows.append([key, f'{statistics.median(numbers):.10g}',
                         f'{max(numbers):.10g}'])
    if len(rows) > 1:
        print()
        print_table(rows)
    print('\n'.join(texts), end='\n' if texts else '')


def cells(compared, rivals, ours):
    """The ratio and the peak of each rival in each workload, or None."""
    for rival in rivals:
        row = []
        for programs in compared.values():
            found = [program for program in programs
                     if program.rival == rival]
            to_ours = found and ratio(found[0], programs, ours)
            row.append((to_ours, found[0].peak_mb) if to_ours else None)
        yield rival, row


def print_summary(compared, rivals, ours):
    print('\nCPU time as a ratio to ours (peak memory, MB)')
    rows = [['peer', *compared]]
    for rival, row in cells(compared, rivals, ours):
        rows.append([rival, *(f'{cell[0]:.2f} ({cell[1]:.0f})' if cell else '-'
                              for cell in row)])
    print_table(rows)


# The reference: a section of the chapter on performance, as it is.

DOCBOOK_HEAD = """<?xml version="1.0"?>
<!DOCTYPE section PUBLIC "-//OASIS//DTD DocBook XML V4.3//EN"
                  "http://www.oasis-open.org/docbook/xml/4.3/docbookx.dtd">
<!-- SPDX-License-Identifier: LGPL-2.1-or-later -->
<!-- Written by tests/performance/bench with its option docbook. -->
<section id="performance-figures">
  <title>The last run</title>
"""

# What a workload reports beside its time, in the reference.
FIGURES = (
    ('W4', 'marking-ns-per-object', 'W4: marking, ns per object'),
    ('W5', 'bytes-per-object', 'W5: bytes per object'),
    ('W6', 'step-p99.9-us', 'W6: 99.9 % of steps, µs'),
    ('W6', 'step-longest-us', 'W6: longest step, µs'),
)

PHASES = ('start', 'mark', 'remark', 'clear', 'sweep')


def docbook_table(rows):
    """The first row is the head, and the first column that of the lines."""
    head, *body = [['<entry>' + escape(cell) + '</entry>' for cell in row]
                   for row in rows]
    lines = ['  <informaltable>',
             f'    <tgroup cols="{len(head)}">',
             '      <thead><row>' + ''.join(head) + '</row></thead>',
             '      <tbody>',
             *('        <row>' + ''.join(row) + '</row>' for row in body),
             '      </tbody>', '    </tgroup>', '  </informaltable>']
    return '\n'.join(lines)


def figure(program, key, of_collector=False):
    values = dict(program.figures(of_collector)).get(key)
    return median_text(values) if values else '–'


def ratio_rows(compared, rivals, ours):
    yield ['', *compared]
    yield [f'{ours}, ms of CPU time'] + [
        f'{program.cpu * 1e3:.0f}' for programs in compared.values()
        for program in programs if program.rival == ours]
    for rival, row in cells(compared, rivals, ours):
        yield [rival] + [f'{cell[0]:.2f} ({cell[1]:.0f})' if cell else '–'
                         for cell in row]


def figure_rows(reported, rivals):
    shown = [item for item in FIGURES if item[0] in reported]
    yield ['', *(title for _, _, title in shown)]
    for rival in rivals:
        row = []
        for short, key, _ in shown:
            found = [program for program in reported[short]
                     if program.rival == rival]
            row.append(figure(found[0], key) if found else '–')
        if any(text != '–' for text in row):
            yield [rival, *row]


def slice_rows(compared, ours):
    yield ['', 'slices', 'longest, µs', *PHASES]
    for short, programs in compared.items():
        for program in programs:
            if program.rival == ours:
                yield [short, figure(program, 'gc-slices', True),
                       figure(program, 'gc-longest-us', True),
                       *(figure(program, f'gc-longest-{phase}-us', True)
                         for phase in PHASES)]


def write_docbook(path, setting, compared, reported, rivals, ours):
    """@compared is @reported less the idle loop."""
    parts = [
        f'  <para>{escape(setting)}.</para>',
        '  <para>CPU time as a ratio to ours, so that above 1 is where this '
        'library is faster; in brackets the peak of resident memory in '
        'MB:</para>',
        docbook_table(ratio_rows(compared, rivals, ours)),
        '  <para>What the workloads report beside it (medians):</para>',
        docbook_table(figure_rows(reported, [*rivals, 'idle'])),
        '  <para>The slices of this library’s collector, in its own CPU time, '
        'and the longest of those that ended in each phase:</para>',
        docbook_table(slice_rows(compared, ours)),
    ]
    path.write_text(DOCBOOK_HEAD + '\n'.join(parts) + '\n</section>\n')


# The chart: a panel for each workload, a bar for each peer.

PANEL_WIDTH = 430
PANEL_COLUMNS = 2
NAME_WIDTH = 110
BAR_WIDTH = 190
BAR_HEIGHT = 14
LINE_HEIGHT = 20
HEAD_HEIGHT = 30


def panel(short, programs, ours, x, y):
    """Bars from zero; a longer one than eight times ours is cut, and says so:
    otherwise it would leave no length to the others."""
    limit = 8.0
    yield (f'<text x="{x}" y="{y + 18}" class="head">'
           f'{short}: {escape(programs[0].workload)}</text>')
    left = x + NAME_WIDTH
    unit = BAR_WIDTH / min(limit, max(ratio(program, programs, ours)
                                      for program in programs))
    bottom = y + HEAD_HEIGHT + len(programs) * LINE_HEIGHT
    yield (f'<line x1="{left + unit:.1f}" y1="{y + HEAD_HEIGHT - 4}" '
           f'x2="{left + unit:.1f}" y2="{bottom}" class="unity"/>')
    for i, program in enumerate(programs):
        top = y + HEAD_HEIGHT + i * LINE_HEIGHT
        base = top + BAR_HEIGHT - 3
        value = ratio(program, programs, ours)
        kind = 'ours' if program.rival == ours else 'rival'
        width = min(value, limit) * unit
        yield (f'<text x="{left - 8}" y="{base}" text-anchor="end">'
               f'{escape(program.rival)}</text>')
        yield (f'<rect x="{left}" y="{top}" width="{width:.1f}" '
               f'height="{BAR_HEIGHT}" class="{kind}"/>')
        if value > limit:
            yield (f'<path d="M {left + width - 14:.1f} {top - 1} l 5 0 '
                   f'l -4 {BAR_HEIGHT + 2} l -5 0 z" class="cut"/>')
        yield (f'<text x="{left + width + 6:.1f}" y="{base}">{value:.2f}'
               f'<tspan class="memory"> {program.peak_mb:.0f} MB</tspan>'
               '</text>')


def write_svg(path, compared, ours):
    drawn = {short: programs for short, programs in compared.items()
             if any(program.rival == ours for program in programs)}
    if not drawn:
        return
    height = HEAD_HEIGHT + LINE_HEIGHT + LINE_HEIGHT * max(
        len(programs) for programs in drawn.values())
    n_lines = -(-len(drawn) // PANEL_COLUMNS)
    width = 20 + PANEL_COLUMNS * PANEL_WIDTH
    whole = 40 + n_lines * height
    lines = ['<!-- SPDX-License-Identifier: LGPL-2.1-or-later -->',
             f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" '
             f'height="{whole}" viewBox="0 0 {width} {whole}" '
             'font-family="sans-serif" font-size="12">',
             '<style>.head { font-size: 14px; font-weight: bold } '
             '.ours { fill: #1a5fb4 } .rival { fill: #9a9996 } '
             '.cut { fill: white } .memory { fill: #77767b } '
             '.unity { stroke: #1a5fb4; stroke-dasharray: 3 3 } '
             'text { stroke: white; stroke-width: 3px; '
             'paint-order: stroke }</style>',
             '<rect width="100%" height="100%" fill="white"/>',
             '<text x="20" y="24">CPU time as a ratio to that of '
             f'{escape(ours)} (less is better), and peak memory</text>']
    for i, (short, programs) in enumerate(drawn.items()):
        lines += panel(short, programs, ours,
                       20 + i % PANEL_COLUMNS * PANEL_WIDTH,
                       40 + i // PANEL_COLUMNS * height)
    lines.append('</svg>')
    path.write_text('\n'.join(lines) + '\n')
