import type { Act, ActOutcome, FileReference, PageEvent, Trouble } from '../../src/playground/wire.js';

/** Thrown where the server did not do what it was asked to; the message says why. */
export class ServerError extends Error {}

async function post(path: string, body: BodyInit, contentType: string): Promise<unknown> {
  let response: Response;
  try {
    response = await fetch(path, { method: 'POST', headers: { 'content-type': contentType }, body });
  } catch (cause) {
    throw new ServerError('The playground does not answer. Is it still running?', { cause });
  }
  const answer: unknown = await response.json().catch(() => ({}));
  if (response.ok) return answer;
  throw new ServerError(
    typeof answer === 'object' && answer !== null && 'message' in answer
      ? String(answer.message)
      : `The playground answered ${response.status}.`,
  );
}

function postJson(path: string, value: object): Promise<unknown> {
  return post(path, JSON.stringify(value), 'application/json');
}

/** Does something as a person; settles once the bot has answered or is too late. */
export async function act(person: string, what: Act): Promise<ActOutcome> {
  return (await postJson('/acts', { person, act: what })) as ActOutcome;
}

export async function causeTrouble(trouble: Trouble): Promise<void> {
  await postJson('/trouble', { trouble });
}

export async function startAnew(): Promise<void> {
  await postJson('/anew', {});
}

export async function startBotAgain(): Promise<void> {
  await postJson('/bot', {});
}

/** Uploads a file, and returns what stands for it when it is sent. */
export async function upload(file: File): Promise<FileReference> {
  const answer = await post(`/uploads?name=${encodeURIComponent(file.name)}`, file, 'application/octet-stream');
  return answer as FileReference;
}

/** Listens to everything that happens; the browser connects again by itself. */
export function listen(onEvent: (event: PageEvent) => void, onConnection: (isOpen: boolean) => void): () => void {
  const source = new EventSource('/events');
  source.onopen = () => onConnection(true);
  source.onerror = () => onConnection(false);
  source.onmessage = ({ data }) => onEvent(JSON.parse(data));
  return () => source.close();
}
