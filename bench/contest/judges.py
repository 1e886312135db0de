"""Judges of unlike kinds that painted none of the pictures. Every figure is a distance: lower is better."""

import functools
import math

import numpy as np
import torch
import torch.nn.functional as F

MARGIN = 16
STYLE_LAYERS = ('relu1_2', 'relu2_2', 'relu3_3', 'relu4_3')
LUMINANCE = np.array([0.299, 0.587, 0.114], dtype=np.float32)
CHROMA = np.array([[-0.168736, -0.331264, 0.5], [0.5, -0.418688, -0.081312]], dtype=np.float32)


class Judges:
    """Judges pictures, which are arrays of height × width × RGB. `magenta` is the path of its style predictor, or None."""

    def __init__(self, vgg, magenta=None):
        self.vgg = vgg
        self.magenta = None
        if magenta:
            import onnxruntime

            self.magenta = onnxruntime.InferenceSession(magenta, providers=['CPUExecutionProvider'])

    def measure(self, picture, content, style):
        seen, of_content, of_style = (self._activations(image) for image in (picture, content, style))
        measures = {
            'content': relative(seen['relu3_3'], of_content['relu3_3']),
            'structure': 1 - ms_ssim(picture @ LUMINANCE, content @ LUMINANCE),
            'held-out Gram': mean_over(of_style, lambda layer: relative(gram(seen[layer]), gram(of_style[layer]))),
            'held-out moments': mean_over(of_style, lambda layer: moments_distance(seen[layer], of_style[layer])),
            'nearest neighbours': nearest_neighbours(seen['relu3_3'], of_style['relu3_3']),
            'chroma noise': chroma_noise(picture, style),
        }
        for name, factor in (('full', 1), ('half', 2), ('quarter', 4)):
            measures[f'patches, {name} size'] = sliced_wasserstein(smaller(picture, factor), smaller(style, factor))
        if self.magenta:
            measures['Magenta'] = float(np.linalg.norm(self._vector(picture) - self._vector(style)))
        return measures

    def _activations(self, image):
        with torch.no_grad():
            picture = F.pad(torch.from_numpy(image).permute(2, 0, 1)[None], [MARGIN] * 4, mode='reflect')
            layers = [layer for layer in STYLE_LAYERS if self.vgg.has(layer)]
            found = self.vgg(picture, layers)
        # The margin is for the network's padding, and isn't judged.
        margins = {layer: MARGIN >> (int(layer[4]) - 1) for layer in layers}
        return {layer: found[layer][0, :, m:-m, m:-m] for layer, m in margins.items()}

    def _vector(self, image):
        picture = torch.from_numpy(image).permute(2, 0, 1)[None]
        picture = F.interpolate(picture, (256, 256), mode='bilinear', antialias=True).permute(0, 2, 3, 1).numpy()
        return self.magenta.run(None, {self.magenta.get_inputs()[0].name: picture})[0].ravel()


def relative(ours, theirs):
    return float(((ours - theirs) ** 2).sum() / (theirs**2).sum())


def mean_over(layers, distance):
    return sum(distance(layer) for layer in layers) / len(layers)


def gram(activations):
    flat = activations.flatten(1)
    return flat @ flat.T / flat.shape[1]


def moments_distance(ours, theirs):
    (mean, covariance), (wanted_mean, wanted) = moments(ours), moments(theirs)
    return relative(mean, wanted_mean) + relative(covariance, wanted)


def moments(activations):
    flat = activations.flatten(1)
    mean = flat.mean(1, keepdim=True)
    return mean, gram(activations) - mean @ mean.T


def nearest_neighbours(ours, theirs):
    """The mean cosine distance from a position's activations to the most similar ones of the style, and back."""
    a, b = (F.normalize(one.flatten(1)[:, ::2], dim=0) for one in (ours, theirs))
    similar = a.T @ b
    return float(1 - (similar.max(1).values.mean() + similar.max(0).values.mean()) / 2)


@functools.cache
def directions(values):
    """Directions in the space of 7×7 patches, the same for all pictures."""
    normal = np.random.default_rng(7).standard_normal((256, values), dtype=np.float32)
    return normal / np.linalg.norm(normal, axis=1, keepdims=True)


def sliced_wasserstein(ours, theirs):
    """The mean distance of the patches' distributions along random directions, by their quantiles."""
    quantiles = []
    for image in (ours, theirs):
        patches = np.lib.stride_tricks.sliding_window_view(image, (7, 7), (0, 1))[::2, ::2].reshape(-1, 147)
        along = np.sort(patches @ directions(147).T, axis=0)
        quantiles.append(along[np.linspace(0, len(along) - 1, 256).round().astype(int)])
    return float(np.abs(quantiles[0] - quantiles[1]).mean())


def chroma_noise(picture, style):
    """How far the finest chroma's share, relative to the finest brightness, is above the style's: 1 is as much."""
    return finest_chroma(picture) / finest_chroma(style)


def finest_chroma(image):
    chroma = sum(finest_energy(image @ color) for color in CHROMA)
    return math.sqrt(chroma / finest_energy(image @ LUMINANCE))


def finest_energy(plane):
    blur = torch.tensor([[1.0, 2, 1], [2, 4, 2], [1, 2, 1]])[None, None] / 16
    plane = torch.from_numpy(np.ascontiguousarray(plane))[None, None]
    return float(((plane - F.conv2d(plane, blur, padding=1))[..., 1:-1, 1:-1] ** 2).mean()) + 1e-6


def ms_ssim(ours, theirs):
    """Multi-scale structural similarity of brightness (Wang et al., 2003), over four scales, of sides from 88 up; 1 is the same."""
    a, b = (torch.from_numpy(np.ascontiguousarray(one))[None, None] for one in (ours, theirs))
    weights = np.array([0.0448, 0.2856, 0.3001, 0.2363])
    line = torch.exp(-(torch.arange(-5.0, 6) ** 2) / (2 * 1.5**2))
    window = (line[:, None] * line / line.sum() ** 2)[None, None]
    product = 1.0
    for scale, weight in enumerate(weights / weights.sum()):
        mean_a, mean_b = F.conv2d(a, window), F.conv2d(b, window)
        var_a = F.conv2d(a * a, window) - mean_a**2
        var_b = F.conv2d(b * b, window) - mean_b**2
        both = F.conv2d(a * b, window) - mean_a * mean_b
        structure = (2 * both + 0.0009) / (var_a + var_b + 0.0009)
        if scale == len(weights) - 1:
            structure = structure * (2 * mean_a * mean_b + 0.0001) / (mean_a**2 + mean_b**2 + 0.0001)
        product *= max(float(structure.mean()), 1e-6) ** weight
        a, b = F.avg_pool2d(a, 2), F.avg_pool2d(b, 2)
    return product


def smaller(image, factor):
    height, width = (side // factor * factor for side in image.shape[:2])
    return image[:height, :width].reshape(height // factor, factor, width // factor, factor, 3).mean((1, 3))
