"""python3 -m unittest bench/contest/test_contest.py"""

import math
import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))

import numpy as np
import torch
from PIL import Image

import blind
import judges
import peers
import pictures
import report


def noise(seed, height=96, width=128):
    smooth = torch.rand(1, 3, 8, 8, generator=torch.Generator().manual_seed(seed))
    wide = torch.nn.functional.interpolate(smooth, (height, width), mode='bicubic').clamp(0, 1)
    return wide[0].permute(1, 2, 0).numpy()


class Reports(unittest.TestCase):
    def test_styles_are_compared_where_contents_are_equal(self):
        curve = [{'content': 0.1, 'x': 0.4}, {'content': 0.4, 'x': 0.1}]
        self.assertAlmostEqual(report.at_content(curve, 0.2, 'x'), 0.2)
        self.assertIsNone(report.at_content(curve, 0.5, 'x'))

    def test_ratios_are_means_of_pairs(self):
        found = report.compare([(1, 2), (2, 4), (1.1, 2)])
        self.assertAlmostEqual(found['ratio'], math.exp((2 * math.log(0.5) + math.log(0.55)) / 3))
        self.assertEqual((found['lower'], found['pairs']), (3, 3))
        self.assertLess(found['t'], -2.5)

    def test_every_pair_counts_once_by_all_of_a_peers_strengths_that_our_curve_reaches(self):
        def one(program, strength, content, value):
            measures = {'content': content, 'x': value}
            return {'pair': 'a.b', 'program': program, 'strength': strength, 'seconds': None, 'measures': measures}

        curve = [one('ours', '5', 0.1, 0.4), one('ours', '20', 0.4, 0.1)]
        peer = [one('peer', '3', 0.1, 0.8), one('peer', '10', 0.4, 0.1), one('peer', '40', 0.5, 9)]
        found = report.report(curve + peer, 'ours')['peer']['x']
        self.assertEqual((found['lower'], found['pairs']), (1, 1))

    def test_less_colour_than_the_style_has_is_no_less_noise(self):
        def one(program, strength, content, value):
            measures = {'content': content, 'chroma noise': value}
            return {'pair': 'a.b', 'program': program, 'strength': strength, 'seconds': None, 'measures': measures}

        def lower(ours, peer):
            curve = [one('ours', '5', 0.1, ours), one('ours', '20', 0.4, ours)]
            return report.report([*curve, one('peer', '3', 0.2, peer)], 'ours')['peer']['chroma noise']['lower']

        self.assertEqual(lower(0.5, 0.9), 0)
        self.assertEqual(lower(1.1, 1.3), 1)

    def test_the_table_has_every_judge_of_every_program(self):
        def one(pair, program, strength, content, value, seconds):
            measures = {'content': content, 'structure': 0.1, 'patches': value}
            return {'pair': pair, 'program': program, 'strength': strength, 'seconds': seconds, 'measures': measures}

        measured = [
            entry
            for pair, factor in (('a.b', 1), ('c.d', 1.1))
            for entry in (
                one(pair, 'ours', '5', 0.1, 0.4, 5),
                one(pair, 'ours', '20', 0.4, 0.1 * factor, 5),
                one(pair, 'peer', '9', 0.2, 0.4, 50),
            )
        ]
        rows = report.report(measured, 'ours')
        self.assertAlmostEqual(rows['peer']['patches']['ratio'], 0.5, places=1)
        self.assertAlmostEqual(rows['peer']['processor seconds']['ratio'], 0.1)
        self.assertIn('| patches | ', report.markdown(rows, 'ours'))
        self.assertNotIn('structure', rows['peer'])


class Judging(unittest.TestCase):
    def test_pixel_judges_find_nothing_between_a_picture_and_itself_and_more_the_more_it_differs(self):
        one, other = noise(1), noise(2)
        for distance in (judges.sliced_wasserstein, lambda a, b: 1 - judges.ms_ssim(a @ judges.LUMINANCE, b @ judges.LUMINANCE)):
            self.assertAlmostEqual(distance(one, one), 0, places=5)
            near, far = distance(one, 0.8 * one + 0.2 * other), distance(one, other)
            self.assertGreater(near, 0)
            self.assertGreater(far, near)

    def test_noise_of_colour_is_noticed_and_noise_of_brightness_is_not(self):
        style = noise(1)
        grain = np.random.default_rng(1).normal(0, 0.05, (*style.shape[:2], 1)).astype(np.float32)
        style = style + grain
        colored = style + grain * np.array([1, 0, -1], dtype=np.float32)
        self.assertAlmostEqual(judges.chroma_noise(style, style), 1)
        self.assertGreater(judges.chroma_noise(colored, style), 2)
        self.assertLess(judges.chroma_noise(style + grain, style), 1)

    def test_neighbours_are_near_wherever_they_lie(self):
        activations = torch.rand(8, 6, 10)
        self.assertAlmostEqual(judges.nearest_neighbours(activations, activations), 0, places=5)
        self.assertGreater(judges.nearest_neighbours(activations, activations.flip(0)), 0.01)


class Peers(unittest.TestCase):
    def test_normal_distributions_are_as_far_apart_as_wasserstein_says(self):
        def normal(mean, deviation):
            return torch.tensor(mean), torch.diag(torch.tensor(deviation) ** 2)

        ours, theirs = normal([1.0, 0], [2.0, 1]), normal([0.0, 0], [1.0, 1])
        found = peers.distance(ours, theirs, peers.root(theirs[1]))
        # (1 − 0)² + (2 − 1)², relative to the second's trace.
        self.assertAlmostEqual(float(found), (1 + 1) / 2, places=3)


class Blind(unittest.TestCase):
    def test_sheets_hide_who_painted_what_and_the_key_opens_them(self):
        with tempfile.TemporaryDirectory() as path:
            folder = pictures.Folder(path, 32)
            for content, style in pictures.diagonals(1):
                for program, value in (('one', 0), ('two', 255)):
                    entry = pictures.Entry(content, style, program, '10')
                    Image.new('RGB', (32, 32), (value,) * 3).save(folder.picture(entry))
            self.assertEqual(len(folder.entries()), 12)
            target = pathlib.Path(path) / 'blind'
            self.assertEqual(blind.write_sheets(folder, target, ('one.10', 'two.10'), 3), 6)
            judged = target / 'judgements.txt'
            with self.assertRaisesRegex(ValueError, 'Pair 01 is not judged'):
                blind.tally(target / 'key.json', judged)
            answers = []
            for number in range(1, 7):
                shown = np.asarray(pictures.opened(target / f'{number:02}.png'))[200]
                white_is_a = shown[2 * (blind.SIDE + blind.GAP) + 9, 0] == 255
                answers.append(f'{number:02} {"A" if white_is_a else "B"}' if number > 1 else '01 =')
            judged.write_text('\n'.join(answers))
            self.assertEqual(blind.tally(target / 'key.json', judged), {'tie': 1, 'one.10': 0, 'two.10': 5})


if __name__ == '__main__':
    unittest.main()
