import {
  type AttributeProto,
  attributeType,
  dataType,
  encodeModel,
  type NodeProto,
  type TensorProto,
} from './model-proto.js';

/** One dimension of a shape: a number, or a name where the size differs from run to run. */
export type Size = number | string;

/** The name of a value that flows through a graph: an input, a constant or a node's output. */
export type Value = string;

/** A graph with the values that it needs at each run besides those that differ from run to run. */
export interface BuiltGraph {
  /** The bytes of an .onnx file. */
  readonly bytes: Uint8Array;
  readonly parameters: readonly Parameter[];
}

/** An input whose values are the same at each run: a large constant, of which ONNX Runtime is to make no copies. */
export interface Parameter {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: () => Float32Array;
}

type Attribute = number | string | readonly number[] | { readonly float: number };

/** The properties that a node has besides its inputs. */
interface NodeOptions {
  /** Attributes: whole numbers, lists of them and strings as they are; a floating-point number as `{ float }`. */
  readonly attributes?: Readonly<Record<string, Attribute>>;
  /** The operator set that the operator belongs to: '' is ONNX's own, 'com.microsoft' ONNX Runtime's. */
  readonly domain?: '' | 'com.microsoft';
}

/**
 * The operator sets that graphs use: ONNX's 17 has all that we need, in the form in which ONNX Runtime optimises it.
 */
const operatorSets = [
  { domain: '', version: 17 },
  { domain: 'com.microsoft', version: 1 },
];

/** Builds an ONNX graph node by node. Values are names; nodes must be added in an order in which they can run. */
export class GraphBuilder {
  readonly #nodes: NodeProto[] = [];
  readonly #constants = new Map<string, TensorProto>();
  readonly #inputs = new Map<string, { name: string; shape: readonly Size[] }>();
  readonly #parameters = new Map<string, Parameter>();
  readonly #outputs: { name: string; shape: readonly Size[] }[] = [];

  /** Declares a float32 input and returns it; [] is the shape of a scalar. The same name twice means the same input. */
  input(name: string, shape: readonly Size[]): Value {
    this.#inputs.set(name, { name, shape });
    return name;
  }

  /** Adds a float32 constant and returns it; where there is one of that name already, `values` isn't called. */
  constant(name: string, shape: readonly number[], values: () => ArrayLike<number>): Value {
    if (!this.#constants.has(name)) {
      const data = Float32Array.from(values());
      this.#constants.set(name, { name, dims: shape, dataType: dataType.float, rawData: bytesOf(data) });
    }
    return name;
  }

  /**
   * Declares a float32 parameter and returns it. Graphs with parameters of the same name have the same values there.
   * @param values - called where nobody has these values yet.
   */
  parameter(name: string, shape: readonly number[], values: () => Float32Array): Value {
    this.#parameters.set(name, { name, shape, values });
    return this.input(name, shape);
  }

  /** Adds an int64 vector, such as a shape, axes or positions, and returns it. Equal vectors become one constant. */
  integers(...values: readonly number[]): Value {
    const name = `integers ${values.join(' ')}`;
    if (!this.#constants.has(name)) {
      const data = BigInt64Array.from(values, BigInt);
      this.#constants.set(name, { name, dims: [values.length], dataType: dataType.int64, rawData: bytesOf(data) });
    }
    return name;
  }

  /** Adds a node with one output and returns that output; '' stands for an optional input that is left out. */
  node(opType: string, inputs: readonly Value[], { attributes = {}, domain = '' }: NodeOptions = {}): Value {
    const name = `${opType} ${this.#nodes.length}`;
    const attribute = Object.entries(attributes).map(([key, value]) => attributeOf(key, value));
    this.#nodes.push({ opType, name, domain, input: inputs, output: [name], attribute });
    return name;
  }

  /** Declares a float32 value as an output of the graph, under that name. */
  output(name: string, value: Value, shape: readonly Size[]): void {
    this.#nodes.push({
      opType: 'Identity',
      name: `output ${name}`,
      domain: '',
      input: [value],
      output: [name],
      attribute: [],
    });
    this.#outputs.push({ name, shape });
  }

  /** Returns the graph with its parameters. */
  build(graphName: string): BuiltGraph {
    return { bytes: this.serialize(graphName), parameters: [...this.#parameters.values()] };
  }

  /** Returns the graph as the bytes of an .onnx file. */
  serialize(graphName: string): Uint8Array {
    const valueInfo = ({ name, shape }: { name: string; shape: readonly Size[] }) => ({
      name,
      type: {
        tensorType: {
          elemType: dataType.float,
          shape: { dim: shape.map((size) => (typeof size === 'number' ? { dimValue: size } : { dimParam: size })) },
        },
      },
    });
    return encodeModel({
      irVersion: 8,
      producerName: 'whitewalker',
      opsetImport: operatorSets,
      graph: {
        name: graphName,
        node: this.#nodes,
        initializer: [...this.#constants.values()],
        input: [...this.#inputs.values()].map(valueInfo),
        output: this.#outputs.map(valueInfo),
      },
    });
  }
}

function bytesOf({ buffer, byteOffset, byteLength }: Float32Array | BigInt64Array): Uint8Array {
  // ONNX wants little-endian values; every processor that onnxruntime-node is built for has them so.
  return new Uint8Array(buffer, byteOffset, byteLength);
}

function attributeOf(name: string, value: Attribute): AttributeProto {
  if (typeof value === 'number') return { name, type: attributeType.int, i: value };
  if (typeof value === 'string') return { name, type: attributeType.string, s: new TextEncoder().encode(value) };
  if ('float' in value) return { name, type: attributeType.float, f: value.float };
  return { name, type: attributeType.ints, ints: value };
}
