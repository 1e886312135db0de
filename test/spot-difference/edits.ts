import type { RgbImage } from '../../src/imaging/rgb-image.js';

/*
 * This file has the changes that the maker of a puzzle makes to a picture.
 */

export const editKinds = ['recolored', 'removed', 'added', 'moved', 'brightness', 'mirrored'] as const;
export type EditKind = (typeof editKinds)[number];

/** A part of a picture around (x, y), in pixels. */
export interface Disc {
  readonly x: number;
  readonly y: number;
  /** Radius of the thing that is changed. */
  readonly radius: number;
  /** Distance from (x, y) to which the change reaches. */
  readonly reach: number;
}

/** A picture after one change, and where it was changed. */
export interface Edit {
  readonly picture: RgbImage;
  readonly disc: Disc;
  /** One value for each pixel, row by row: 1 where the change shows. */
  readonly mask: Uint8Array;
}

type Uniform = () => number;
/** Returns how much of a change the pixel (x, y) shows: none at 0 and below, all of it at 1 and above. */
type Coverage = (x: number, y: number) => number;
type Pixel = readonly [number, number, number];

/**
 * The kinds of changes. Each returns a picture with one change at about `disc`; all chance comes from `uniform`.
 */
export const edits: Readonly<Record<EditKind, (picture: RgbImage, disc: Disc, uniform: Uniform) => Edit>> = {
  recolored(picture, disc, uniform) {
    const angle = (0.3 + uniform() * 1.4) * Math.PI;
    const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
    const tint = uniform() * 2 * Math.PI;
    const strength = 0.08 + 0.1 * uniform();
    return painted(picture, disc, ellipse(disc, uniform), (x, y) => {
      const [red, green, blue] = at(picture, x, y);
      const luma = 0.299 * red + 0.587 * green + 0.114 * blue;
      const [u, v] = [blue - luma, red - luma];
      const newU = cos * u - sin * v + strength * Math.cos(tint);
      const newV = sin * u + cos * v + strength * Math.sin(tint);
      return [luma + newV, luma - (0.299 * newV + 0.114 * newU) / 0.587, luma + newU];
    });
  },

  removed(picture, disc, uniform) {
    return painted(picture, disc, ellipse(disc, uniform), cloned(picture, disc, uniform));
  },

  added(picture, disc, uniform) {
    const color = at(picture, uniform() * picture.width, uniform() * picture.height);
    const opacity = 0.8 + 0.2 * uniform();
    const shape = uniform() < 0.5 ? ellipse(disc, uniform) : star(disc, uniform);
    return painted(
      picture,
      disc,
      (x, y) => opacity * shape(x, y),
      () => color,
    );
  },

  moved(picture, disc, uniform) {
    const direction = uniform() * 2 * Math.PI;
    const distance = disc.radius * (0.7 + 0.6 * uniform());
    const [dx, dy] = [Math.round(distance * Math.cos(direction)), Math.round(distance * Math.sin(direction))];
    const thing = ellipse({ ...disc, radius: 0.8 * disc.radius }, uniform);
    const without = painted(picture, disc, thing, cloned(picture, disc, uniform));
    const back = (x: number, y: number) => at(picture, x - dx, y - dy);
    const moved = painted(without.picture, disc, (x, y) => thing(x - dx, y - dy), back);
    return {
      picture: moved.picture,
      disc: { ...disc, x: disc.x + dx / 2, y: disc.y + dy / 2, reach: disc.radius + distance / 2 },
      mask: moved.mask.map((value, i) => value | (without.mask[i] ?? 0)),
    };
  },

  brightness(picture, disc, uniform) {
    const gain = uniform() < 0.5 ? 0.6 + 0.2 * uniform() : 1.25 + 0.3 * uniform();
    return painted(picture, disc, ellipse(disc, uniform, 3), (x, y) => {
      const [red, green, blue] = at(picture, x, y);
      return [red * gain, green * gain, blue * gain];
    });
  },

  mirrored(picture, disc, uniform) {
    return painted(picture, disc, ellipse(disc, uniform), (x, y) => at(picture, 2 * disc.x - x, y));
  },
};

function painted(picture: RgbImage, disc: Disc, coverage: Coverage, color: (x: number, y: number) => Pixel): Edit {
  const { width, height } = picture;
  const data = picture.data.slice();
  const mask = new Uint8Array(width * height);
  const reach = 2.5 * disc.radius + 4;
  for (let y = Math.max(0, Math.floor(disc.y - reach)); y < Math.min(height, disc.y + reach); y++) {
    for (let x = Math.max(0, Math.floor(disc.x - reach)); x < Math.min(width, disc.x + reach); x++) {
      const share = Math.min(1, coverage(x, y));
      if (share <= 0) continue;
      if (share > 0.3) mask[y * width + x] = 1;
      for (const [channel, value] of color(x, y).entries()) {
        const i = (channel * height + y) * width + x;
        data[i] = Math.min(1, Math.max(0, (1 - share) * (data[i] ?? 0) + share * value));
      }
    }
  }
  return { picture: { width, height, data }, disc, mask };
}

/** Returns the colours that lie beside the disc, in a random direction. */
function cloned(picture: RgbImage, { radius }: Disc, uniform: Uniform): (x: number, y: number) => Pixel {
  const direction = uniform() * 2 * Math.PI;
  const dx = 2.1 * radius * Math.cos(direction);
  const dy = 2.1 * radius * Math.sin(direction);
  return (x, y) => at(picture, x + dx, y + dy);
}

function ellipse({ x, y, radius }: Disc, uniform: Uniform, feather = 1.5): Coverage {
  const angle = uniform() * Math.PI;
  const flatness = 0.6 + 0.4 * uniform();
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  return (px, py) => {
    const along = cos * (px - x) + sin * (py - y);
    const across = (cos * (py - y) - sin * (px - x)) / flatness;
    return (radius - Math.hypot(along, across)) / feather;
  };
}

function star({ x, y, radius }: Disc, uniform: Uniform): Coverage {
  const turn = uniform() * 2 * Math.PI;
  const points = 3 + Math.floor(uniform() * 4);
  return (px, py) => {
    const angle = Math.atan2(py - y, px - x) + turn;
    return radius * (0.7 + 0.3 * Math.cos(points * angle)) - Math.hypot(px - x, py - y);
  };
}

function at({ width, height, data }: RgbImage, x: number, y: number): Pixel {
  const column = Math.min(width - 1, Math.max(0, Math.round(x)));
  const row = Math.min(height - 1, Math.max(0, Math.round(y)));
  const i = row * width + column;
  const pixels = width * height;
  return [data[i] ?? 0, data[pixels + i] ?? 0, data[2 * pixels + i] ?? 0];
}
