"""The contest's table: every program against the reference, pair by pair."""

import math

import numpy as np

# Measures of how much of the content is kept; all others are of the style, and are compared at equal content.
CONTENT_MEASURES = ('content', 'structure')


# Where less is no better: chroma noise is what exceeds the style's own share of colour in the finest detail.
FLOORS = {'chroma noise': 1}


def at_content(curve, content, measure):
    """
    Returns a measure of style that a program would have at a given content distance, between the pictures that it painted
    with several strengths (their logarithms are interpolated); None where they don't reach there.
    """
    points = sorted((one['content'], one[measure]) for one in curve)
    for (left, low), (right, high) in zip(points, points[1:]):
        if left <= content <= right and right > left:
            share = math.log(content / left) / math.log(right / left)
            return math.exp((1 - share) * math.log(low) + share * math.log(high))
    return None


def compare(pairs):
    """Compares (ours, theirs) pair by pair: geometric mean of the ratios, t of their logarithms, wins, and how many."""
    logs = np.array([math.log(ours / theirs) for ours, theirs in pairs])
    if len(logs) < 2:
        return {'ratio': math.nan, 't': math.nan, 'lower': int((logs < 0).sum()), 'pairs': len(logs)}
    error = logs.std(ddof=1) / math.sqrt(len(logs))
    return {
        'ratio': math.exp(logs.mean()),
        't': float(logs.mean() / error) if error > 0 else math.nan,
        'lower': int((logs < 0).sum()),
        'pairs': len(logs),
    }


def report(measured, reference):
    """
    Compares the reference's curve with every picture of the others at that picture's content distance.

    measured: dictionaries with pair, program, strength, seconds (or None), and measures by name.
    """
    by_program = {}
    for one in measured:
        by_program.setdefault(one['program'], {}).setdefault(one['pair'], []).append(one)
    ours = by_program.get(reference, {})
    rows = {}
    for program, theirs in by_program.items():
        if program == reference:
            continue
        painted = [one for found in theirs.values() for one in found]
        names = [name for name in painted[0]['measures'] if name not in CONTENT_MEASURES]
        rows[program] = {}
        for name in names:
            pairs = []
            for pair, found in theirs.items():
                curve = [mine['measures'] for mine in ours.get(pair, [])]
                values = [(at_content(curve, one['measures']['content'], name), one['measures'][name]) for one in found]
                floor = FLOORS.get(name, 0)
                ratios = [
                    math.log(max(value, floor) / max(wanted, floor))
                    for value, wanted in values
                    if value is not None and wanted > 0
                ]
                # Every pair counts once, by the mean of the peer's strengths that our curve reaches.
                if ratios:
                    pairs.append((math.exp(mean(ratios)), 1))
            rows[program][name] = compare(pairs)
        seconds = [
            (mean(mine['seconds'] for mine in ours[one['pair']] if mine['seconds']), one['seconds'])
            for one in painted
            if one['seconds'] and any(mine['seconds'] for mine in ours.get(one['pair'], []))
        ]
        if seconds:
            rows[program]['processor seconds'] = compare(seconds)
    return rows


def mean(values):
    values = list(values)
    return sum(values) / len(values)


def markdown(rows, reference):
    """Returns the table: what the reference's figure is of the program's, lower is better for the reference."""
    programs = list(rows)
    names = list(dict.fromkeys(name for program in programs for name in rows[program]))
    lines = [f'| {reference} against | ' + ' | '.join(programs) + ' |', '|---|' + '---|' * len(programs)]
    for name in names:
        cells = []
        for program in programs:
            cell = rows[program].get(name)
            if not cell or not cell['pairs'] or math.isnan(cell['ratio']):
                cells.append('')
                continue
            text = f"{100 * (cell['ratio'] - 1):+.0f} %"
            bold = '**' if abs(cell['t']) > 2.5 else ''
            cells.append(f"{bold}{text}{bold} (t {cell['t']:.1f}, {cell['lower']}/{cell['pairs']})")
        lines.append(f'| {name} | ' + ' | '.join(cells) + ' |')
    return '\n'.join(lines) + '\n'
