import type { ComponentView, MessageBody } from '../../src/playground/wire.js';

/** Returns what is to be read in a message: its content, or what its components say, in lines. */
export function textOf({ content, components }: Pick<MessageBody, 'content' | 'components'>): string {
  return content === '' ? textsIn(components).join('\n') : content;
}

function textsIn(components: readonly ComponentView[]): readonly string[] {
  return components.flatMap(({ content, components: inner = [] }) => [
    ...(content === undefined ? [] : [content]),
    ...textsIn(inner),
  ]);
}
