import { type BlockCoding, type HuffmanTable, hasAllBlocks, readHuffmanTables } from './jpeg-entropy.js';

/** A part of a JPEG that holds coefficients of some of its components. */
export interface JpegScan {
  /** What stands in the segment that begins it, without its length. */
  readonly header: Uint8Array;
  readonly dataStart: number;
  readonly dataEnd: number;
}

interface Component {
  /** How many blocks lie beside and below each other in a unit of all components together. */
  readonly across: number;
  readonly down: number;
  /** The coefficients that no scan has brought to their last bit. */
  readonly missing: Set<number>;
}

const defineHuffmanTables = 0xc4;
const defineRestartInterval = 0xdd;
const blockSide = 8;

/** The scans of a JPEG so far: whether they make up the picture, and whether the last one of those is there. */
export class JpegScans {
  readonly #components = new Map<number, Component>();
  readonly #tables = new Map<number, HuffmanTable>();
  #restartInterval = 0;
  #frameMarker = 0;
  #size = { width: 0, height: 0 };
  /** How the blocks of the last scan are coded; the tables may change behind it. */
  #lastCoding: BlockCoding | undefined;
  #lastScan: JpegScan | undefined;

  /** The scan with which the picture is complete; undefined until there is one. */
  get lastScan(): JpegScan | undefined {
    return this.#lastScan;
  }

  /** Takes in a segment that is no scan. Behind the last scan nothing counts. */
  addSegment(marker: number, segment: Uint8Array): void {
    if (this.#lastScan) return;
    if (marker === defineHuffmanTables) {
      for (const [name, table] of readHuffmanTables(segment)) this.#tables.set(name, table);
    } else if (marker === defineRestartInterval) {
      this.#restartInterval = ((segment[0] ?? 0) << 8) | (segment[1] ?? 0);
    } else if (isStartOfFrame(marker)) {
      this.#frameMarker = marker;
      this.#size = {
        height: ((segment[1] ?? 0) << 8) | (segment[2] ?? 0),
        width: ((segment[3] ?? 0) << 8) | (segment[4] ?? 0),
      };
      this.#components.clear();
      for (let index = 0; index < (segment[5] ?? 0); index++) {
        const sampling = segment[7 + 3 * index] ?? 0;
        const missing = new Set(Array.from({ length: blockSide ** 2 }, (_, coefficient) => coefficient));
        this.#components.set(segment[6 + 3 * index] ?? 0, { across: sampling >> 4, down: sampling & 0x0f, missing });
      }
    }
  }

  addScan(scan: JpegScan): void {
    if (this.#lastScan) return;
    const { header } = scan;
    const count = header[0] ?? 0;
    // Behind the components stand the first and last coefficient, and how many bits are left for later scans.
    const [first = 0, last = 0, bits = 0] = header.subarray(1 + 2 * count);
    const inScan = Array.from({ length: count }, (_, index) => ({
      component: this.#components.get(header[1 + 2 * index] ?? 0),
      tables: header[2 + 2 * index] ?? 0,
    }));
    for (const { component } of inScan) {
      if (!this.#isProgressive) component?.missing.clear();
      else if ((bits & 0x0f) === 0) for (let i = first; i <= last; i++) component?.missing.delete(i);
    }
    const all = [...this.#components.values()];
    if (all.length === 0 || all.some(({ missing }) => missing.size > 0)) return;
    this.#lastScan = scan;
    this.#lastCoding = this.#codingOf(
      inScan.flatMap(({ component, tables }) => (component ? [{ component, tables }] : [])),
    );
  }

  /**
   * Whether the last scan has all its data. Only of sequential pictures with Huffman codes it can be told; undefined for
   * others, whose decoder goes through all data before it gives the first row.
   */
  isLastScanWhole(bytes: Uint8Array): boolean | undefined {
    if (this.#lastScan === undefined) return false;
    const { dataStart, dataEnd } = this.#lastScan;
    return this.#lastCoding && hasAllBlocks(bytes.subarray(dataStart, dataEnd), this.#lastCoding);
  }

  get #isProgressive(): boolean {
    return this.#frameMarker === 0xc2 || this.#frameMarker === 0xca;
  }

  #codingOf(inScan: ReadonlyArray<{ component: Component; tables: number }>): BlockCoding | undefined {
    if (this.#frameMarker !== 0xc0 && this.#frameMarker !== 0xc1) return undefined;
    const all = [...this.#components.values()];
    if (all.some(({ across, down }) => across === 0 || down === 0)) return undefined;
    const maxAcross = Math.max(...all.map(({ across }) => across));
    const maxDown = Math.max(...all.map(({ down }) => down));
    const { width, height } = this.#size;
    const [only] = inScan;
    // A scan of one component has its blocks one by one, without those that only fill up a unit.
    const isAlone = inScan.length === 1 && only !== undefined;
    const [unitWidth, unitHeight] = isAlone
      ? [(blockSide * maxAcross) / only.component.across, (blockSide * maxDown) / only.component.down]
      : [blockSide * maxAcross, blockSide * maxDown];
    return {
      units: Math.ceil(width / unitWidth) * Math.ceil(height / unitHeight),
      blocksOfUnit: inScan.flatMap(({ component: { across, down }, tables }) => {
        const block = { dc: this.#tables.get(tables >> 4), ac: this.#tables.get(0x10 | (tables & 0x0f)) };
        return Array.from({ length: isAlone ? 1 : across * down }, () => block);
      }),
      restartInterval: this.#restartInterval,
    };
  }
}

function isStartOfFrame(marker: number): boolean {
  // The other three in this range define tables or are reserved.
  return marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
}
