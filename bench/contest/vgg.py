"""The networks of the weights folder in PyTorch: VGG19 and VGG19-lite, from the same files as whitewalker's own."""

import json
import pathlib

import safetensors.torch
import torch
import torch.nn.functional as F

BLOCKS = (2, 2, 4, 4, 4)
MEAN = torch.tensor([103.939, 116.779, 123.68])[None, :, None, None]


class Vgg(torch.nn.Module):
    """Activations of a network's layers, for pictures as NCHW, RGB in [0, 1]."""

    def __init__(self, path):
        super().__init__()
        tensors = safetensors.torch.load_file(path)
        with open(path, 'rb') as file:
            header = json.loads(file.read(int.from_bytes(file.read(8), 'little')))
        metadata = header.get('__metadata__', {})
        self.pooling = metadata.get('pooling', 'max')
        self.weights = {name: tensor.float() for name, tensor in tensors.items()}
        self.name = pathlib.Path(path).stem

    def forward(self, picture, layers):
        """Returns the activations of layers such as relu3_1, by name; goes no deeper than they lie."""
        # RGB becomes BGR in steps of 255, from which the mean is taken.
        x = picture.flip(1) * 255 - MEAN
        wanted, found = set(layers), {}
        for block, convolutions in enumerate(BLOCKS, 1):
            for i in range(1, convolutions + 1):
                name = f'conv{block}_{i}'
                x = F.relu(F.conv2d(x, self.weights[f'{name}.weight'], self.weights[f'{name}.bias'], padding=1))
                if f'relu{block}_{i}' in wanted:
                    found[f'relu{block}_{i}'] = x
                if len(found) == len(wanted):
                    return found
            x = (F.max_pool2d if self.pooling == 'max' else F.avg_pool2d)(x, 2)
        return found

    def has(self, layer):
        return f'conv{layer[4:]}.weight' in self.weights
