"""The same evaluation as `npm run bench`, in PyTorch: loss and gradient of VGG19, for comparison.

    python3 bench/pytorch.py [--threads N] [--rounds N] [--weights vgg19.safetensors]

Needs PyTorch and NumPy. Without a weights file the weights are random, which costs the same time.
"""
import argparse, json, os, struct, time
import numpy as np, torch, torch.nn.functional as F

VGG19 = [('1_1', 3, 64), ('1_2', 64, 64), ('2_1', 64, 128), ('2_2', 128, 128), ('3_1', 128, 256), ('3_2', 256, 256),
         ('3_3', 256, 256), ('3_4', 256, 256), ('4_1', 256, 512), ('4_2', 512, 512), ('4_3', 512, 512),
         ('4_4', 512, 512), ('5_1', 512, 512)]
STYLE = {'1_1': 1, '2_1': .8, '3_1': .6, '4_1': .4, '5_1': .2}
MEAN = torch.tensor([103.939, 116.779, 123.68]).view(1, 3, 1, 1)


def random_weights():
    generator = torch.Generator().manual_seed(1)
    return {name: (torch.randn(o, i, 3, 3, generator=generator) * (2 / (9 * i)) ** .5 / (60 if i == 3 else 1), torch.zeros(o)) for name, i, o in VGG19}


def read_weights(path):
    data = open(path, 'rb').read()
    size = struct.unpack('<Q', data[:8])[0]
    header = json.loads(data[8:8 + size])
    def tensor(name):
        begin, end = (8 + size + offset for offset in header[name]['data_offsets'])
        kind = {'F32': '<f4', 'F16': '<f2'}[header[name]['dtype']]
        return torch.from_numpy(np.frombuffer(data[begin:end], kind).astype('f4').reshape(header[name]['shape']).copy())
    return {name: (tensor(f'conv{name}.weight'), tensor(f'conv{name}.bias')) for name, _, _ in VGG19 if f'conv{name}.weight' in header}


def gram(f):
    f = f.flatten(2)[0]
    return f @ f.T / f.shape[1]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--threads', type=int, default=os.cpu_count())
    parser.add_argument('--rounds', type=int, default=7)
    parser.add_argument('--weights')
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    weights = read_weights(args.weights) if args.weights else random_weights()
    last = max(weights)
    content_layers = [last]
    style_layers = {name: w for name, w in STYLE.items() if name in weights}

    def features(x):
        x, block, out = x[:, [2, 1, 0]] * 255 - MEAN, '1', {}
        for name, _, _ in VGG19:
            if name > last:
                break
            if name[0] != block:
                x, block = F.max_pool2d(x, 2), name[0]
            x = out[name] = F.relu(F.conv2d(x, *weights[name], padding=1))
        return out

    for size in (150, 256, 512):
        with torch.no_grad():
            content, style = features(torch.rand(1, 3, size, size)), features(torch.rand(1, 3, size, size))
            targets = {name: content[name] for name in content_layers}
            grams = {name: gram(style[name]) for name in style_layers}
        image = torch.rand(1, 3, size, size, requires_grad=True)

        def evaluate():
            f = features(image)
            loss = sum(((f[n] - t) ** 2).mean() / (t ** 2).mean() for n, t in targets.items())
            loss = loss + sum(w * ((gram(f[n]) - grams[n]) ** 2).sum() / (grams[n] ** 2).sum() for n, w in style_layers.items())
            return torch.autograd.grad(loss, image)

        evaluate(); evaluate()
        times = []
        for _ in range(args.rounds):
            begin = time.perf_counter(); evaluate(); times.append(time.perf_counter() - begin)
        print(f'PyTorch {torch.__version__}, to conv{last}, {size}x{size}: {1000 * float(np.median(times)):.0f} ms', flush=True)


main()
