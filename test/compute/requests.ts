import type { ComputeRequest } from '../../src/compute/compute.js';
import { encodePicture } from '../../src/imaging/encode.js';
import type { StyleTransferTask } from '../../src/works/style-transfer.js';
import { gradient, mosaic } from '../imaging/test-pictures.js';
import { walkingSquare } from '../works/walking-square.js';

export interface RequestOptions {
  readonly transfer?: Partial<StyleTransferTask['transfer']>;
  readonly maxFileBytes?: number;
  readonly inputs?: ComputeRequest['inputs'];
}

/** Makes a request for a style transfer, with a JPEG of 96×64 pixels as content and a PNG of 80×70 as style. */
export async function request({
  transfer,
  maxFileBytes = 10 * 1024 * 1024,
  inputs,
}: RequestOptions = {}): Promise<ComputeRequest & { readonly task: StyleTransferTask }> {
  const content = await encodePicture(gradient(96, 64), 'jpeg');
  const style = await encodePicture(mosaic(80, 70), 'png');
  return {
    task: { kind: 'style-transfer', transfer: { size: 96, epochs: 4, ...transfer } },
    inputs: { content, style, ...inputs },
    maxFileBytes,
  };
}

/** Makes a request for a content of so many frames. */
export async function movingRequest(frames: number): Promise<ComputeRequest> {
  const asked = await request({ transfer: { size: 64 }, inputs: { content: walkingSquare(frames) } });
  return { ...asked, task: { ...asked.task, frames: 48 } };
}

/** Makes a request for a style transfer that goes on until it is stopped. */
export const endlessRequest = () => request({ transfer: { size: 128, epochs: 100_000 } });
