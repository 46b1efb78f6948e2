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
    return f'{median:.2f}' if median < 10 else f'{median:.1f}'


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


def write_docbook(path, compared, rivals, ours):
    """A table that a chapter of the reference can take in as it is."""
    lines = ['<informaltable>',
             f'  <tgroup cols="{len(compared) + 1}">',
             '    <thead>',
             '      <row><entry>Peer</entry>' +
             ''.join(f'<entry>{short}</entry>' for short in compared) +
             '</row>',
             '    </thead>',
             '    <tbody>']
    lines.append('      <row><entry>' + escape(ours) + ', ms</entry>' + ''.join(
        f'<entry>{program.cpu * 1e3:.0f}</entry>'
        for programs in compared.values()
        for program in programs if program.rival == ours) + '</row>')
    for rival, row in cells(compared, rivals, ours):
        texts = [f'{cell[0]:.2f} ({cell[1]:.0f})' if cell else '–'
                 for cell in row]
        lines.append(f'      <row><entry>{escape(rival)}</entry>' +
                     ''.join(f'<entry>{text}</entry>' for text in texts) +
                     '</row>')
    lines += ['    </tbody>', '  </tgroup>', '</informaltable>']
    path.write_text('\n'.join(lines) + '\n')


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
    bottom = y + HEAD_HEIGHT + len(programs) * LINE_HEIGHT
    yield (f'<line x1="{left + unit:.1f}" y1="{y + HEAD_HEIGHT - 4}" '
           f'x2="{left + unit:.1f}" y2="{bottom}" class="unity"/>')


def write_svg(path, compared, ours):
    drawn = {short: programs for short, programs in compared.items()
             if any(program.rival == ours for program in programs)}
    if not drawn:
        return
    height = HEAD_HEIGHT + LINE_HEIGHT + LINE_HEIGHT * max(
        len(programs) for programs in drawn.values())
    n_lines = -(-len(drawn) // PANEL_COLUMNS)
    width = 20 + PANEL_COLUMNS * PANEL_WIDTH
    lines = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" '
             f'height="{40 + n_lines * height}" font-family="sans-serif" '
             'font-size="12">',
             '<style>.head { font-size: 14px; font-weight: bold } '
             '.ours { fill: #1a5fb4 } .rival { fill: #9a9996 } '
             '.cut { fill: white } .memory { fill: #77767b } '
             '.unity { stroke: #1a5fb4; stroke-dasharray: 3 3 }</style>',
             '<rect width="100%" height="100%" fill="white"/>',
             '<text x="20" y="24">CPU time as a ratio to that of '
             f'{escape(ours)} (less is better), and peak memory</text>']
    for i, (short, programs) in enumerate(drawn.items()):
        lines += panel(short, programs, ours,
                       20 + i % PANEL_COLUMNS * PANEL_WIDTH,
                       40 + i // PANEL_COLUMNS * height)
    lines.append('</svg>')
    path.write_text('\n'.join(lines) + '\n')
