/** What a waterfall's stages are seen from: our own server's inside, or the users of another one. */
export const waterfall_title = (stages) =>
  stages.some(({ name }) => name === "wait") ? "Seen from outside" : "Inside the server";
