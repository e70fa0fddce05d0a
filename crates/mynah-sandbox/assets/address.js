// Where addresses in messages may lead, and what the page may load.

/** The address if a link may lead there: the web or the sandbox itself. */
export const safe = (url) => (/^(https?:\/\/|\/(?!\/))/.test(url) ? url : null);

/** The address if the page may load it: the policy forbids it everything from elsewhere. */
export const ours = (url) =>
  /^(\/(?!\/)|data:image\/)/.test(url) || (URL.canParse(url) && new URL(url).origin === location.origin) ? url : null;

export const hostOf = (url) => (URL.canParse(url, location.origin) ? new URL(url, location.origin).host : "");
