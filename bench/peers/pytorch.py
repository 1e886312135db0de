"""Loss and gradient of a VGG network in PyTorch, as users have it: the same evaluation as ours, for comparison.

    python3 bench/peers/pytorch.py --sizes 256,512 --rounds 7 [--device cuda|cpu] [--tf32] [--channels-last]

measures by itself, on noise and with random weights of VGG19, which cost the same time. With `--serve` bench/peers/main.ts
asks for one evaluation at a time, in turn with its own: each line of the standard input is a request in JSON, each line of the
standard output its answer. Needs PyTorch and NumPy.
"""
import argparse, json, os, shutil, struct, sys, time
import numpy as np, torch, torch.nn.functional as F

VGG19 = [('1_1', 3, 64), ('1_2', 64, 64), ('2_1', 64, 128), ('2_2', 128, 128), ('3_1', 128, 256), ('3_2', 256, 256),
         ('3_3', 256, 256), ('3_4', 256, 256), ('4_1', 256, 512), ('4_2', 512, 512), ('4_3', 512, 512),
         ('4_4', 512, 512), ('5_1', 512, 512)]
STYLE = ['1_1', '2_1', '3_1', '4_1', '5_1']
MEAN = torch.tensor([103.939, 116.779, 123.68]).view(1, 3, 1, 1)
VARIANTS = ['eager', 'channels_last', 'compile']


def random_network():
    generator = torch.Generator().manual_seed(1)
    scale = lambda inputs: (2 / (9 * inputs)) ** .5 / (60 if inputs == 3 else 1)
    return {name: (torch.randn(o, i, 3, 3, generator=generator) * scale(i), torch.zeros(o)) for name, i, o in VGG19}, 'max'


def read_network(path):
    data = open(path, 'rb').read()
    size = struct.unpack('<Q', data[:8])[0]
    header = json.loads(data[8:8 + size])

    def tensor(name):
        begin, end = (8 + size + offset for offset in header[name]['data_offsets'])
        kind = {'F32': '<f4', 'F16': '<f2'}[header[name]['dtype']]
        return torch.from_numpy(np.frombuffer(data[begin:end], kind).astype('f4').reshape(header[name]['shape']).copy())

    weights = {name: (tensor(f'conv{name}.weight'), tensor(f'conv{name}.bias')) for name, _, _ in VGG19 if f'conv{name}.weight' in header}
    return weights, header.get('__metadata__', {}).get('pooling', 'max')


def gram(f):
    f = f.flatten(2)[0]
    return f @ f.T / f.shape[1]


class Evaluation:
    """Loss and gradient of `image`, whose content is compared at the deepest layer and whose style at the usual ones."""

    def __init__(self, network, pictures, variant='eager', device='cpu'):
        weights, pooling = network
        layout = torch.channels_last if variant == 'channels_last' else torch.contiguous_format
        self.weights = {name: (w.to(device, memory_format=layout), b.to(device)) for name, (w, b) in weights.items()}
        self.pool = F.avg_pool2d if pooling == 'average' else F.max_pool2d
        self.mean = MEAN.to(device)
        content, style, image = (torch.as_tensor(one).to(device, memory_format=layout) for one in pictures)
        self.image = image.requires_grad_()
        with torch.no_grad():
            self.target = self.features(content)[max(weights)]
            seen = self.features(style)
            self.grams = {name: gram(seen[name]) for name in STYLE if name in weights}
        # It is compiled at its first run, for pictures of this size only, which is the fastest.
        self.loss_of = torch.compile(self.loss, dynamic=False) if variant == 'compile' else self.loss

    def features(self, x):
        x, block, out = x[:, [2, 1, 0]] * 255 - self.mean, '1', {}
        for name in sorted(self.weights):
            if name[0] != block:
                x, block = self.pool(x, 2), name[0]
            x = out[name] = F.relu(F.conv2d(x, *self.weights[name], padding=1))
        return out

    def loss(self, image):
        f = self.features(image)
        loss = ((f[max(self.weights)] - self.target) ** 2).mean() / (self.target ** 2).mean()
        return loss + sum(((gram(f[n]) - g) ** 2).sum() / (g ** 2).sum() for n, g in self.grams.items())

    def run(self):
        """Evaluates once. Returns the loss, and milliseconds until loss and gradient are here."""
        begin = time.perf_counter()
        loss = self.loss_of(self.image)
        # What the program reads, the loss and the gradient, is read here, too: it also waits for the GPU.
        gradient = torch.autograd.grad(loss, self.image)[0].cpu()
        return float(loss.detach()), 1000 * (time.perf_counter() - begin), gradient


def serve(network):
    """Answers requests: `size` and `folder` bring pictures, `evaluate` names a variant. The first answer says what there is."""
    has_compiler = any(shutil.which(name) for name in (os.environ.get('CXX', 'c++'), 'g++', 'clang++'))
    variants = [name for name in VARIANTS if name != 'compile' or has_compiler]
    print(json.dumps({'pytorch': torch.__version__, 'variants': variants}), flush=True)
    pictures, evaluations = None, {}
    for line in sys.stdin:
        request = json.loads(line)
        if 'size' in request:
            size, folder = request['size'], request['folder']
            read = lambda name: np.fromfile(os.path.join(folder, name), '<f4').reshape(1, 3, size, size)
            pictures, evaluations = [read(name) for name in ('content', 'style', 'image')], {}
            print('{}', flush=True)
        else:
            variant = request['evaluate']
            if variant not in evaluations:
                evaluations[variant] = Evaluation(network, pictures, variant)
            loss, milliseconds, _ = evaluations[variant].run()
            print(json.dumps({'loss': loss, 'milliseconds': milliseconds}), flush=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--threads', type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument('--rounds', type=int, default=7)
    parser.add_argument('--weights', help='a safetensors file; default: random ones of VGG19')
    parser.add_argument('--sizes', type=lambda text: [int(size) for size in text.split(',')], default=[256, 512])
    parser.add_argument('--device', choices=['cpu', 'cuda'], default='cpu')
    parser.add_argument('--tf32', action='store_true', help='products in TF32, which is faster and less exact')
    parser.add_argument('--channels-last', action='store_true', help='activations in the order NHWC')
    parser.add_argument('--serve', action='store_true', help='answer requests')
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    network = read_network(args.weights) if args.weights else random_network()
    if args.serve:
        return serve(network)
    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = args.tf32
    torch.backends.cudnn.benchmark = True
    variant = 'channels_last' if args.channels_last else 'eager'
    for size in args.sizes:
        evaluation = Evaluation(network, [torch.rand(1, 3, size, size) for _ in range(3)], variant, args.device)
        evaluation.run(), evaluation.run()
        ms = float(np.median([evaluation.run()[1] for _ in range(args.rounds)]))
        options = [args.device] + ['TF32'] * args.tf32 + ['channels_last'] * args.channels_last
        print(json.dumps({'pytorch': torch.__version__, 'options': options, 'last': max(network[0]), 'size': size, 'milliseconds': ms}), flush=True)


main()
