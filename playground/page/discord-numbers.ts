/** The numbers by which Discord's API tells kinds of things, as far as the page draws them. */

export const commandType = { chat: 1, user: 2, message: 3 } as const;

export const optionType = {
  subcommand: 1,
  group: 2,
  string: 3,
  integer: 4,
  boolean: 5,
  user: 6,
  channel: 7,
  role: 8,
  mentionable: 9,
  number: 10,
  attachment: 11,
} as const;

export const componentType = {
  row: 1,
  button: 2,
  stringSelect: 3,
  textInput: 4,
  section: 9,
  text: 10,
  thumbnail: 11,
  gallery: 12,
  file: 13,
  separator: 14,
  container: 17,
  label: 18,
  fileUpload: 19,
  radioGroup: 21,
  checkboxGroup: 22,
} as const;

export const linkStyle = 5;
/** Names of the styles of buttons, by number. */
export const buttonStyles: Readonly<Record<number, string>> = {
  1: 'primary',
  2: 'secondary',
  3: 'success',
  4: 'danger',
  5: 'link',
};

export const messageFlag = { loading: 128, componentsV2: 32_768 } as const;
export const attachmentIsSpoiler = 8;
