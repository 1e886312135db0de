"""Makes the AVIFs with code points: pip install numpy imagecodecs, then python3 make-avifs.py."""

import imagecodecs
import numpy

y, x = numpy.mgrid[0:64, 0:64]
picture = numpy.stack([4 * x, 4 * y, 2 * (x + y)], -1)


def write(name, samples, **options):
    with open(name, "wb") as file:
        file.write(imagecodecs.avif_encode(samples, level=95, speed=8, **options))


write("avif-with-code-points.avif", picture.astype("uint8"), primaries=1, transfer=13)
write(
    "avif-10-bit-with-code-points.avif", (4 * picture).astype("uint16"), bitspersample=10, primaries=9, transfer=16
)
