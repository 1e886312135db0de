"""Other people's rules of style transfer, written anew from papers and descriptions, on the same weights as whitewalker."""

import time

import torch
import torch.nn.functional as F

STYLE_LAYERS = ('relu1_1', 'relu2_1', 'relu3_1', 'relu4_1', 'relu5_1')


def gatys(vgg, content, style, strength, steps=300, limit=120):
    """
    Gatys, Ecker and Bethge (2016): one scale, from the content, squared errors of activations and of Gram matrices that
    count equally in each layer, L-BFGS. Errors are relative, so that strengths mean the same with every network.
    """
    content_layer = next(layer for layer in ('relu4_2', 'relu3_2') if vgg.has(layer))
    layers = [layer for layer in STYLE_LAYERS if vgg.has(layer)]
    with torch.no_grad():
        target = vgg(content, [content_layer])[content_layer]
        grams = {layer: gram(found) for layer, found in vgg(style, layers).items()}
    picture = content.clone(memory_format=torch.contiguous_format).requires_grad_()
    optimizer = torch.optim.LBFGS([picture], max_iter=steps, max_eval=steps, history_size=20, tolerance_change=0)
    deadline = time.process_time() + limit

    def closure():
        if time.process_time() > deadline:
            raise TimeoutError
        optimizer.zero_grad()
        found = vgg(picture, [content_layer, *layers])
        loss = ((found[content_layer] - target) ** 2).mean() / (target**2).mean()
        for layer, wanted in grams.items():
            loss = loss + strength / len(grams) * ((gram(found[layer]) - wanted) ** 2).sum() / (wanted**2).sum()
        loss.backward()
        return loss

    try:
        optimizer.step(closure)
    except TimeoutError:
        pass
    return picture.detach().clamp(0, 1)


def multiscale_adam(vgg, content, style, strength, steps=150, limit=120):
    """
    As in Katherine Crowson's style-transfer-pytorch: scales a factor of √2 apart, Adam, of whose pictures the exponential
    average counts, style by the distance of normal distributions (mean and covariance), and total variation.
    """
    content_layer = next(layer for layer in ('relu4_2', 'relu3_2') if vgg.has(layer))
    layers = [layer for layer in STYLE_LAYERS if vgg.has(layer)]
    layer_weights = {layer: weight for layer, weight in zip(layers, (256, 64, 16, 4, 1))}
    total = sum(layer_weights.values())
    longer = max(content.shape[2:])
    sizes = [longer]
    while sizes[0] / 2**0.5 >= 127:
        sizes.insert(0, round(sizes[0] / 2**0.5))
    deadline = time.process_time() + limit
    picture = content
    for index, size in enumerate(sizes):
        scale = size / longer
        shown = resized(content, scale)
        with torch.no_grad():
            target = vgg(shown, [content_layer])[content_layer]
            normals = {layer: normal(found) for layer, found in vgg(resized(style, scale), layers).items()}
            roots = {layer: root(covariance) for layer, (_, covariance) in normals.items()}
        picture = F.interpolate(picture, shown.shape[2:], mode='bicubic').clamp(0, 1).detach().requires_grad_()
        optimizer = torch.optim.Adam([picture], lr=0.02, betas=(0.9, 0.99))
        average, weight = torch.zeros_like(picture), 0.0
        for _ in range(2 * steps if index == 0 else steps):
            if time.process_time() > deadline:
                break
            optimizer.zero_grad()
            found = vgg(picture, [content_layer, *layers])
            loss = ((found[content_layer] - target) ** 2).mean() / (target**2).mean()
            for layer, layer_weight in layer_weights.items():
                loss = loss + strength * layer_weight / total * distance(normal(found[layer]), normals[layer], roots[layer])
            loss = loss + 2 * ((picture[..., 1:] - picture[..., :-1]) ** 2).mean()
            loss = loss + 2 * ((picture[..., 1:, :] - picture[..., :-1, :]) ** 2).mean()
            loss.backward()
            optimizer.step()
            with torch.no_grad():
                picture.clamp_(0, 1)
                average = 0.99 * average + 0.01 * picture
                weight = 0.99 * weight + 0.01
        picture = average / weight if weight else picture.detach()
    return F.interpolate(picture, content.shape[2:], mode='bicubic').clamp(0, 1)


PEERS = {'gatys': gatys, 'multiscale-adam': multiscale_adam}


def gram(activations):
    flat = activations[0].flatten(1)
    return flat @ flat.T / flat.shape[1]


def normal(activations):
    flat = activations[0].flatten(1)
    mean = flat.mean(1)
    centred = flat - mean[:, None]
    return mean, centred @ centred.T / flat.shape[1]


def root(covariance):
    values, vectors = torch.linalg.eigh(covariance)
    return vectors @ torch.diag(values.clamp(min=0).sqrt()) @ vectors.T


def distance(ours, theirs, their_root):
    """The squared Wasserstein distance of two normal distributions, relative to the second's second moment."""
    (mean, covariance), (wanted_mean, wanted) = ours, theirs
    product = their_root @ covariance @ their_root
    jitter = 1e-5 * product.diagonal().mean().detach() * torch.eye(len(product))
    cross = torch.linalg.eigvalsh(product + jitter).clamp(min=1e-12).sqrt().sum()
    squared = ((mean - wanted_mean) ** 2).sum() + covariance.trace() + wanted.trace() - 2 * cross
    return squared / (wanted.trace() + (wanted_mean**2).sum())


def resized(picture, scale):
    size = [max(16, round(side * scale)) for side in picture.shape[2:]]
    return F.interpolate(picture, size, mode='bicubic', antialias=True).clamp(0, 1)
