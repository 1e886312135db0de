import type { Quality } from '../works/quality.js';

/** How much the style counts against the content, in words that people know. */
export const strengths = ['subtle', 'balanced', 'strong'] as const;
export type Strength = (typeof strengths)[number];

/** A preset, by where it is kept: those that come with whitewalker, or those of one server. */
export interface PresetReference {
  readonly name: string;
  /** The server whose own it is; undefined: it comes with whitewalker. */
  readonly guildId?: string | undefined;
}

/** What all orders have. */
interface CommonOrder {
  /** The longer side of what is worked at, in pixels. */
  readonly size: number;
  readonly epochs: number;
  /** Whether the result is hidden until it is clicked. */
  readonly spoiler: boolean;
}

/** A picture in the style of another. */
export interface StyleTransferOrder extends CommonOrder {
  readonly kind: 'style-transfer';
  readonly quality: Quality;
  /** Undefined: the style is a picture of the person's own. */
  readonly preset?: PresetReference | undefined;
  readonly strength: Strength;
  readonly keepColors: boolean;
}

/** What two pictures differ in. */
export interface SpotDifferenceOrder extends CommonOrder {
  readonly kind: 'spot-difference';
}

/** What layers of a network see in a picture; `epochs` are those of each layer. */
export interface LayersOrder extends CommonOrder {
  readonly kind: 'layers';
  readonly quality: Quality;
  readonly layers: readonly string[];
}

/** A style alone. */
export interface TextureOrder extends CommonOrder {
  readonly kind: 'texture';
  readonly quality: Quality;
  /** Undefined: the style is a picture of the person's own. */
  readonly preset?: PresetReference | undefined;
  readonly tile: boolean;
}

/** One of the styles of a {@link LabOrder}. */
export interface LabStyle {
  /** Undefined: a picture of the person's own. */
  readonly preset?: PresetReference | undefined;
  /** Its share in the blend. */
  readonly weight: number;
}

/** A style transfer with all its controls. */
export interface LabOrder extends CommonOrder {
  readonly kind: 'lab';
  /** As text that can be given again; `size` and `epochs` say the same in numbers. */
  readonly recipe: string;
  /** In the order of the inputs `style`, `style-2`, … */
  readonly styles: readonly LabStyle[];
  /** Whether a picture `mask` says where the style goes. */
  readonly hasMask: boolean;
}

export const orderKinds = ['style-transfer', 'spot-difference', 'layers', 'texture', 'lab'] as const;
export type OrderKind = (typeof orderKinds)[number];

/** Whether a word from outside names a kind of order. */
export function isOrderKind(kind: unknown): kind is OrderKind {
  return orderKinds.some((known) => known === kind);
}

interface OrdersByKind {
  readonly 'style-transfer': StyleTransferOrder;
  readonly 'spot-difference': SpotDifferenceOrder;
  readonly layers: LayersOrder;
  readonly texture: TextureOrder;
  readonly lab: LabOrder;
}

/** Orders of some kinds, written so that a table by kind takes the order that belongs to it. */
export type OrderOf<Kind extends OrderKind> = { [K in Kind]: { readonly kind: K } & OrdersByKind[K] }[Kind];

/** What a person asked for, by `kind`: the recipe that is shown with the result, and that its buttons begin from. */
export type Order = OrderOf<OrderKind>;
