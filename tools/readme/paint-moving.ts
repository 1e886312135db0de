import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import sharp from 'sharp';
import { packageRoot } from '../../src/package-root.js';

/** Frames of the loop, and how long each is shown, in milliseconds. */
const [count, delayMs] = [24, 80] as const;

/** Width and height of a frame, in pixels. */
const [width, height] = [240, 180] as const;

/** How far the camera goes to each side, in pixels. */
const [across, down] = [44, 20] as const;

/**
 * Has a camera circle over a photograph, paints that in a preset's style, and shows both side by side.
 * @param folder - where what comes in between is written.
 */
export async function paintMoving(photograph: string, preset: string, out: string, folder: string): Promise<void> {
  const [content, painted] = [join(folder, 'content.webp'), join(folder, 'painted.webp')];
  await writeAnimation(content, await circled(photograph), width);
  const command = ['stylize', content, '--preset', preset, '--size', String(width), '--out', painted];
  execFileSync(process.execPath, [join(packageRoot(), 'dist', 'src', 'main.js'), ...command], { stdio: 'inherit' });
  const [before, after] = await Promise.all([content, painted].map(framesOf));
  const both = (before ?? []).map((left, index) => besides(left, after?.[index] ?? left));
  await writeAnimation(out, await Promise.all(both), 2 * width);
}

/** Returns what the camera sees, as RGB bytes. */
async function circled(photograph: string): Promise<readonly Buffer[]> {
  const ground = sharp(photograph).resize(width + 2 * across, height + 2 * down, { fit: 'cover' });
  const whole = await ground.removeAlpha().raw().toBuffer({ resolveWithObject: true });
  return Promise.all(
    Array.from({ length: count }, (_, index) => {
      const angle = (2 * Math.PI * index) / count;
      const [left, top] = [Math.round(across * (1 + Math.cos(angle))), Math.round(down * (1 + Math.sin(angle)))];
      return sharp(whole.data, { raw: whole.info }).extract({ left, top, width, height }).raw().toBuffer();
    }),
  );
}

async function framesOf(file: string): Promise<readonly Buffer[]> {
  const pages = Array.from({ length: count }, (_, page) => sharp(file, { page }).removeAlpha().raw().toBuffer());
  return Promise.all(pages);
}

function besides(left: Buffer, right: Buffer): Promise<Buffer> {
  const raw = { width, height, channels: 3 } as const;
  return sharp(left, { raw })
    .extend({ right: width })
    .composite([{ input: right, raw, left: width, top: 0 }])
    .removeAlpha()
    .raw()
    .toBuffer();
}

async function writeAnimation(file: string, frames: readonly Buffer[], frameWidth: number): Promise<void> {
  const raw = { width: frameWidth, height: height * frames.length, channels: 3, pageHeight: height } as const;
  await sharp(Buffer.concat(frames), { raw })
    .webp({ quality: 70, effort: 6, delay: frames.map(() => delayMs), loop: 0 })
    .toFile(file);
}
