"""Blind judgement: sheets on which nobody sees which program painted what, and a key that is opened at the end."""

import json
import random

from PIL import Image, ImageDraw

from pictures import opened

SIDE, GAP = 384, 8


def write_sheets(folder, target, programs, seed):
    """
    Writes a sheet a pair with the content, the style, and both programs' pictures as A and B in an order by chance, in an
    order by chance; judgements.txt to fill in; and key.json, which says who is who, and which no judge reads.
    """
    chance = random.Random(seed)
    by_pair = {}
    for entry in folder.entries():
        if f'{entry.program}.{entry.strength}' in programs:
            by_pair.setdefault(entry.pair, {})[f'{entry.program}.{entry.strength}'] = entry
    pairs = [pair for pair, found in by_pair.items() if len(found) == 2]
    chance.shuffle(pairs)
    target.mkdir(parents=True, exist_ok=True)
    key = {}
    for number, pair in enumerate(pairs, 1):
        order = list(programs)
        chance.shuffle(order)
        content, style = pair.split('.')
        files = [folder.content(content), folder.style(content, style), *(folder.picture(by_pair[pair][one]) for one in order)]
        sheet(files).save(target / f'{number:02}.png')
        key[f'{number:02}'] = {'pair': pair, 'A': order[0], 'B': order[1]}
    (target / 'key.json').write_text(json.dumps(key, indent=1))
    lines = [
        '# After each number A, B or =: which of the two would you rather have, as a picture of the content in that style?',
        '# Judge alone, and before anybody opens key.json. Each judge fills in a copy.',
        *(f'{number} ' for number in key),
    ]
    (target / 'judgements.txt').write_text('\n'.join(lines) + '\n')
    return len(key)


def sheet(files):
    canvas = Image.new('RGB', (4 * (SIDE + GAP), SIDE + 16), 'white')
    draw = ImageDraw.Draw(canvas)
    for column, (file, title) in enumerate(zip(files, ('content', 'style', 'A', 'B'))):
        picture = opened(file)
        scale = SIDE / max(picture.size)
        picture = picture.resize([round(side * scale) for side in picture.size], Image.Resampling.BICUBIC)
        canvas.paste(picture, (column * (SIDE + GAP), 16))
        draw.text((column * (SIDE + GAP), 2), title, fill='black')
    return canvas


def tally(key_path, judgements_path):
    """Returns how often each program was preferred, and ties, by a filled-in judgements.txt. Raises ValueError for gaps."""
    key = json.loads(key_path.read_text())
    counts = {'tie': 0}
    for one in key.values():
        for side in 'AB':
            counts.setdefault(one[side], 0)
    judged = {}
    for line in judgements_path.read_text().splitlines():
        if line.strip() and not line.startswith('#'):
            number, *answer = line.split()
            judged[number] = answer[0] if answer else ''
    for number, one in key.items():
        answer = judged.get(number, '')
        if answer not in ('A', 'B', '='):
            raise ValueError(f'Pair {number} is not judged: write A, B or = after it, not "{answer}".')
        counts['tie' if answer == '=' else one[answer]] += 1
    return counts
