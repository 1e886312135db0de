"""The same evaluation as `npm run bench`, in PyTorch: loss and gradient of VGG19, for comparison.

    python3 bench/pytorch.py [--threads N] [--rounds N] [--weights vgg19.safetensors] [--sizes 256,512]
                             [--device cuda|cpu] [--tf32] [--channels-last] [--json]

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
    parser.add_argument('--sizes', type=lambda text: [int(size) for size in text.split(',')], default=[150, 256, 512])
    parser.add_argument('--device', choices=['cpu', 'cuda'], default='cpu')
    parser.add_argument('--tf32', action='store_true', help='products in TF32, which is faster and less exact')
    parser.add_argument('--channels-last', action='store_true', help='activations in the order NHWC')
    parser.add_argument('--json', action='store_true', help='one line of JSON a size')
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = args.tf32
    torch.backends.cudnn.benchmark = True
    layout = torch.channels_last if args.channels_last else torch.contiguous_format
    weights = read_weights(args.weights) if args.weights else random_weights()
    weights = {name: (w.to(args.device, memory_format=layout), b.to(args.device)) for name, (w, b) in weights.items()}
    mean = MEAN.to(args.device)
    picture = lambda size: torch.rand(1, 3, size, size).to(args.device, memory_format=layout)
    last = max(weights)
    content_layers = [last]
    style_layers = {name: w for name, w in STYLE.items() if name in weights}

    def features(x):
        x, block, out = x[:, [2, 1, 0]] * 255 - mean, '1', {}
        for name, _, _ in VGG19:
            if name > last:
                break
            if name[0] != block:
                x, block = F.max_pool2d(x, 2), name[0]
            x = out[name] = F.relu(F.conv2d(x, *weights[name], padding=1))
        return out

    for size in args.sizes:
        with torch.no_grad():
            content, style = features(picture(size)), features(picture(size))
            targets = {name: content[name] for name in content_layers}
            grams = {name: gram(style[name]) for name in style_layers}
        image = picture(size).requires_grad_()

        def evaluate():
            f = features(image)
            loss = sum(((f[n] - t) ** 2).mean() / (t ** 2).mean() for n, t in targets.items())
            loss = loss + sum(w * ((gram(f[n]) - grams[n]) ** 2).sum() / (grams[n] ** 2).sum() for n, w in style_layers.items())
            # What the program reads, the loss and the gradient, is read here, too: it also waits for the GPU.
            return float(loss), torch.autograd.grad(loss, image)[0].cpu()

        evaluate(); evaluate()
        times = []
        for _ in range(args.rounds):
            begin = time.perf_counter(); evaluate(); times.append(time.perf_counter() - begin)
        ms = 1000 * float(np.median(times))
        options = [args.device] + ['TF32'] * args.tf32 + ['channels_last'] * args.channels_last
        if args.json:
            print(json.dumps({'pytorch': torch.__version__, 'options': options, 'last': last, 'size': size, 'milliseconds': ms}), flush=True)
        else:
            print(f'PyTorch {torch.__version__} ({", ".join(options)}), to conv{last}, {size}x{size}: {ms:.1f} ms', flush=True)


main()
