import protobuf, { type Writer } from 'protobufjs/minimal.js';

/**
 * The part of ONNX's file format that our graphs use, as a table: message → field → [number, type]. Fields that are given
 * lists are repeated.
 * Field numbers are those of onnx.proto3 (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto3); whatever we never
 * write is left out, which protocol buffers allow.
 */
const messages = {
  ModelProto: {
    irVersion: [1, 'int64'],
    opsetImport: [8, 'OperatorSetIdProto'],
    producerName: [2, 'string'],
    graph: [7, 'GraphProto'],
  },
  OperatorSetIdProto: { domain: [1, 'string'], version: [2, 'int64'] },
  GraphProto: {
    node: [1, 'NodeProto'],
    name: [2, 'string'],
    initializer: [5, 'TensorProto'],
    input: [11, 'ValueInfoProto'],
    output: [12, 'ValueInfoProto'],
  },
  NodeProto: {
    input: [1, 'string'],
    output: [2, 'string'],
    name: [3, 'string'],
    opType: [4, 'string'],
    attribute: [5, 'AttributeProto'],
    domain: [7, 'string'],
  },
  AttributeProto: {
    name: [1, 'string'],
    f: [2, 'float'],
    i: [3, 'int64'],
    s: [4, 'bytes'],
    ints: [8, 'int64'],
    type: [20, 'int32'],
  },
  TensorProto: {
    dims: [1, 'int64'],
    dataType: [2, 'int32'],
    name: [8, 'string'],
    rawData: [9, 'bytes'],
  },
  ValueInfoProto: { name: [1, 'string'], type: [2, 'TypeProto'] },
  TypeProto: { tensorType: [1, 'TypeProtoTensor'] },
  TypeProtoTensor: { elemType: [1, 'int32'], shape: [2, 'TensorShapeProto'] },
  TensorShapeProto: { dim: [1, 'Dimension'] },
  Dimension: { dimValue: [1, 'int64'], dimParam: [2, 'string'] },
} as const satisfies Record<string, Record<string, readonly [number, string]>>;

/** The values of ONNX's AttributeProto.AttributeType that we use. */
export const attributeType = { float: 1, int: 2, string: 3, ints: 7 } as const;
/** The values of ONNX's TensorProto.DataType that we use. */
export const dataType = { float: 1, int64: 7 } as const;

export interface AttributeProto {
  name: string;
  type: number;
  f?: number;
  i?: number;
  s?: Uint8Array;
  ints?: readonly number[];
}

export interface NodeProto {
  opType: string;
  name: string;
  domain: string;
  input: readonly string[];
  output: readonly string[];
  attribute: readonly AttributeProto[];
}

export interface TensorProto {
  name: string;
  dims: readonly number[];
  dataType: number;
  /** The tensor's values as little-endian bytes. */
  rawData: Uint8Array;
}

export interface ValueInfoProto {
  name: string;
  type: { tensorType: { elemType: number; shape: { dim: readonly ({ dimValue: number } | { dimParam: string })[] } } };
}

export interface ModelProto {
  irVersion: number;
  producerName: string;
  opsetImport: readonly { domain: string; version: number }[];
  graph: {
    name: string;
    node: readonly NodeProto[];
    initializer: readonly TensorProto[];
    input: readonly ValueInfoProto[];
    output: readonly ValueInfoProto[];
  };
}

/** How values are laid out in protocol buffers: as a number of variable length, with their length before them, in four bytes. */
const wireTypes = { varint: 0, delimited: 2, fixed: 5 } as const;

/**
 * Returns a model as the bytes of an .onnx file. protobufjs writes them, without what it would compile for each message
 * first, and for reading as well, which takes longer than all that there is to write.
 */
export function encodeModel(model: ModelProto): Uint8Array {
  return addFields(protobuf.Writer.create(), 'ModelProto', model).finish();
}

function addFields(writer: Writer, message: keyof typeof messages, values: object): Writer {
  const fields: readonly [string, readonly [number, string]][] = Object.entries(messages[message]);
  for (const [field, [id, type]] of fields) {
    const value: unknown = Reflect.get(values, field);
    for (const one of Array.isArray(value) ? value : [value]) addField(writer, id, type, one);
  }
  return writer;
}

function addField(writer: Writer, id: number, type: string, value: unknown): void {
  const begin = (wireType: number) => writer.uint32((id << 3) | wireType);
  if (typeof value === 'number' && type === 'float') begin(wireTypes.fixed).float(value);
  else if (typeof value === 'number') begin(wireTypes.varint).int64(value);
  else if (typeof value === 'string') begin(wireTypes.delimited).string(value);
  else if (value instanceof Uint8Array) begin(wireTypes.delimited).bytes(value);
  else if (typeof value === 'object' && value !== null && isMessage(type)) {
    addFields(begin(wireTypes.delimited).fork(), type, value).ldelim();
  }
}

function isMessage(type: string): type is keyof typeof messages {
  return Object.hasOwn(messages, type);
}
