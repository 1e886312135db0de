"""Writes pytorch.json: the error and gradient of pixel-style.ts, computed apart from it by PyTorch in double precision.

    python3 test/transfer/pixels/pytorch.py

Covariances of all ordered pairs of a 3x3 patch's values are compared one by one; PyTorch differentiates.
"""

import itertools
import json
import math
import pathlib

import torch
import torch.nn.functional as F

torch.set_default_dtype(torch.float64)
COLORS = torch.tensor([[0.299, 0.587, 0.114], [-0.168736, -0.331264, 0.5], [0.5, -0.418688, -0.081312]])
ROUNDING = 1 / (12 * 255**2)


def waves(width, height, seed):
    """A picture of a few waves and of coarse noise, which the test makes in the same way."""
    i = torch.arange(3 * height * width).reshape(3, height, width)
    x, y, c = i % width, (i // width) % height, i // (width * height)
    smooth = torch.sin(0.4 * x + 0.9 * c + seed) + torch.cos(0.3 * y - 0.2 * x * c)
    noise = ((i * i * 7 + i * (13 + seed)) % 101) / 101 - 0.5
    return (0.5 + 0.1 * smooth + 0.2 * noise).float().double()


def weights(width, height):
    i = torch.arange(height * width).reshape(height, width)
    return (((i % width) * 3 + (i // width) * 5) % 11 / 11).float().double()


def shifted(z, dx, dy):
    """What lies (dx, dy) behind each pixel; zero beyond the border."""
    z = F.pad(z, (2, 2, 2, 2))
    return z[..., 2 + dy : z.shape[-2] - 2 + dy, 2 + dx : z.shape[-1] - 2 + dx]


def covariances(image, w):
    colors = torch.einsum('kc,chw->khw', COLORS, image)
    mean = (w * colors).sum((1, 2)) / w.sum()
    z = w.sqrt() * (colors - mean[:, None, None])
    pairs = {}
    for (a, (xa, ya)), (b, (xb, yb)) in itertools.product(
        itertools.product(range(3), itertools.product(range(3), range(3))), repeat=2
    ):
        dx, dy = xb - xa, yb - ya
        if a != b and (dx, dy) != (0, 0):
            continue
        count = (w.sqrt() * shifted(w.sqrt(), dx, dy)).sum()
        pairs[a, xa, ya, b, xb, yb] = (z[a] * shifted(z[b], dx, dy)).sum() / count
    return pairs


def finest(pairs, color):
    blur = [1, 2, 1]
    taps = {(x, y): (16 * (x == 1 and y == 1) - blur[x] * blur[y]) / 16 for x in range(3) for y in range(3)}
    return sum(f * g * pairs[color, *p, color, *q] for (p, f), (q, g) in itertools.product(taps.items(), repeat=2))


def error_at(image, style, w):
    ones = torch.ones(style.shape[1:])
    ours, wanted = covariances(image, w), covariances(style, ones)
    squares = sum((ours[k] - wanted[k]) ** 2 for k in ours)
    error = squares / (sum(value**2 for value in wanted.values()) + ROUNDING**2)
    for color in (1, 2):
        excess = torch.log((finest(ours, color) + ROUNDING) / (finest(wanted, color) + ROUNDING))
        error = error + excess.clamp(min=0) ** 2 / 15
    return error


def halved(image):
    return F.avg_pool2d(image[None], 2)[0]


def case(width, height, weighted):
    image = waves(width, height, 1).requires_grad_()
    style = waves(20, 26, 2)
    style = 0.5 + (style - 0.5) * torch.tensor([0.9, 0.8, 0.85])[:, None, None].float().double()
    style = style.float().double()
    w = weights(width, height) if weighted else torch.ones(height, width)
    error = error_at(image, style, w) + error_at(halved(image), halved(style), halved(w[None])[0])
    error.backward()
    return {
        'width': width,
        'height': height,
        'weighted': weighted,
        'error': error.item(),
        'gradient': [float(f'{value:.7g}') for value in image.grad.flatten().tolist()],
    }


cases = [case(16, 12, False), case(13, 11, False), case(16, 12, True)]
assert all(math.isfinite(one['error']) for one in cases)
pathlib.Path(__file__).with_suffix('.json').write_text(json.dumps(cases) + '\n')
