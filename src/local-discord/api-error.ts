/** Something wrong in a request's body, with the path of the field, such as `options.0.name`. */
export interface Problem {
  readonly path: string;
  readonly message: string;
}

/** An error that answers a request with the status and body that Discord would send. */
export class ApiError extends Error {
  override readonly name = 'ApiError';

  constructor(
    readonly status: number,
    /** One of Discord's JSON error codes, or 0. */
    readonly code: number,
    message: string,
    readonly errors?: ErrorTree,
  ) {
    super(message);
  }

  get body(): object {
    return { message: this.message, code: this.code, ...(this.errors && { errors: this.errors }) };
  }
}

export interface ErrorTree {
  [key: string]: ErrorTree | readonly { readonly code: string; readonly message: string }[];
}

export const unauthorized = () => new ApiError(401, 0, '401: Unauthorized');
export const notFound = () => new ApiError(404, 0, '404: Not Found');
export const unknownChannel = () => new ApiError(404, 10003, 'Unknown Channel');
export const unknownGuild = () => new ApiError(404, 10004, 'Unknown Guild');
export const unknownMessage = () => new ApiError(404, 10008, 'Unknown Message');
export const unknownUser = () => new ApiError(404, 10013, 'Unknown User');
export const unknownWebhook = () => new ApiError(404, 10015, 'Unknown Webhook');
export const unknownInteraction = () => new ApiError(404, 10062, 'Unknown interaction');
export const unknownCommand = () => new ApiError(404, 10063, 'Unknown application command');
export const entityTooLarge = () => new ApiError(413, 40005, 'Request entity too large');
export const alreadyAcknowledged = () => new ApiError(400, 40060, 'Interaction has already been acknowledged.');
export const tooManyFollowUps = () =>
  new ApiError(400, 40094, 'This interaction has reached the maximum number of follow-up messages');
export const missingAccess = () => new ApiError(403, 50001, 'Missing Access');
export const notTheAuthor = () => new ApiError(403, 50005, 'Cannot edit a message authored by another user');
export const emptyMessage = () => new ApiError(400, 50006, 'Cannot send an empty message');
export const missingPermissions = () => new ApiError(403, 50013, 'Missing Permissions');
export const invalidWebhookToken = () => new ApiError(401, 50027, 'Invalid Webhook Token');
export const invalidJson = () => new ApiError(400, 50109, 'The request body contains invalid JSON.');

/** Returns Discord's answer 50035 to a body with problems: a tree that leads to each of them. */
export function invalidFormBody(problems: readonly Problem[]): ApiError {
  const tree: ErrorTree = {};
  for (const { path, message } of problems) {
    let node = tree;
    for (const key of path.split('.').filter(Boolean)) {
      const next = node[key];
      const child: ErrorTree = next && !Array.isArray(next) ? (next as ErrorTree) : {};
      node[key] = child;
      node = child;
    }
    const earlier = Array.isArray(node._errors) ? node._errors : [];
    node._errors = [...earlier, { code: 'INVALID', message }];
  }
  return new ApiError(400, 50035, 'Invalid Form Body', tree);
}
