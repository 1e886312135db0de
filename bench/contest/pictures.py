"""The contest's folder: the originals that every program gets, and pictures by the rule CONTENT.STYLE.PROGRAM.STRENGTH.png."""

import dataclasses
import json
import math
import pathlib

import numpy as np
from PIL import Image

ROOT = pathlib.Path(__file__).resolve().parents[2]

# Photographs, some with the part (left, top, right, bottom) that is used, and styles.
CONTENTS = {
    'astronaut': ('examples/astronaut.jpg', None),
    'chelsea': ('examples/chelsea.jpg', None),
    'coffee': ('examples/coffee.jpg', None),
    'rocket': ('examples/rocket.jpg', None),
    'face': ('examples/astronaut.jpg', (130, 0, 330, 200)),
    'cat-face': ('examples/chelsea.jpg', (110, 20, 350, 260)),
}
STYLES = {
    'ice-shards': 'examples/ice-shards.png',
    **{
        name: f'presets/{name}.jpg'
        for name in ('dragonfire', 'sept-glass', 'kings-landing', 'parchment-map', 'frozen-lake')
    },
}


@dataclasses.dataclass(frozen=True)
class Entry:
    """A picture that a program painted; more strength is more style."""

    content: str
    style: str
    program: str
    strength: str

    @property
    def pair(self):
        return f'{self.content}.{self.style}'

    @property
    def name(self):
        return f'{self.pair}.{self.program}.{self.strength}'


class Folder:
    def __init__(self, path, size):
        self.path, self.size = pathlib.Path(path), size
        (self.path / 'originals').mkdir(parents=True, exist_ok=True)

    def content(self, name):
        """Returns the path of a content, its longer side as long as the pictures are to be."""
        path = self.path / 'originals' / f'{name}.png'
        if not path.exists():
            file, part = CONTENTS[name]
            picture = opened(ROOT / file)
            picture = picture.crop(part) if part else picture
            scale = self.size / max(picture.size)
            picture.resize([round(side * scale) for side in picture.size], Image.Resampling.LANCZOS).save(path)
        return path

    def style(self, content, name):
        """Returns the path of a style, of about the content's area, so that strokes are equally large for everybody."""
        path = self.path / 'originals' / f'{content}.{name}.png'
        if not path.exists():
            picture, (width, height) = opened(ROOT / STYLES[name]), opened(self.content(content)).size
            scale = math.sqrt(width * height / (picture.width * picture.height))
            picture.resize([round(side * scale) for side in picture.size], Image.Resampling.LANCZOS).save(path)
        return path

    def picture(self, entry):
        return self.path / f'{entry.name}.png'

    def keep(self, entry, kind, data):
        (self.path / f'{entry.name}.{kind}.json').write_text(json.dumps(data))

    def kept(self, entry, kind):
        path = self.path / f'{entry.name}.{kind}.json'
        return json.loads(path.read_text()) if path.exists() else None

    def entries(self):
        """Returns all pictures in the folder, whoever painted them. STRENGTH is a number, and may have a point."""
        found = []
        for path in sorted(self.path.glob('*.png')):
            content, style, program, *strength = path.stem.split('.')
            if content in CONTENTS and style in STYLES and strength:
                found.append(Entry(content, style, program, '.'.join(strength)))
        return found


def diagonals(count):
    """Returns pairs in which every content meets as many styles as any other, and every style as many contents."""
    contents, styles = list(CONTENTS), list(STYLES)
    return [
        (content, styles[(row + diagonal) % len(styles)]) for diagonal in range(count) for row, content in enumerate(contents)
    ]


def opened(path):
    with Image.open(path) as file:
        return file.convert('RGB')


def read(path):
    """Returns a picture as an array of height × width × RGB in [0, 1]."""
    return np.asarray(opened(path), dtype=np.float32) / 255
