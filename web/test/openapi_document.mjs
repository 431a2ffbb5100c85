// Requests made from an OpenAPI document, and answers held against it.
import Ajv from "ajv/dist/2020.js";

export class Document {
  constructor(text) {
    this.content = JSON.parse(text);
    this.ajv = new Ajv({ strict: false, validateFormats: false, allErrors: true });
    this.ajv.addSchema(this.content, "document");
  }

  resolve(part) {
    if (part?.$ref === undefined) return part;
    return part.$ref.slice(2).split("/").reduce((at, name) => at[name.replaceAll("~1", "/").replaceAll("~0", "~")], this.content);
  }

  /** Every operation: its path, method and description, with the parameters of its path. */
  operations() {
    return Object.entries(this.content.paths).flatMap(([path, item]) =>
      Object.entries(item).filter(([method]) => method !== "parameters").map(([method, operation]) => ({
        path, method, operation, parameters: [...(item.parameters ?? []), ...(operation.parameters ?? [])],
      })));
  }

  /** A value by the schema's own examples: of an object, all members that have one. */
  example(schema) {
    schema = this.resolve(schema);
    if (schema.oneOf) return this.example(schema.oneOf[0]);
    if (schema.examples) return schema.examples[0];
    if (schema.enum) return schema.enum[0];
    if (schema.type === "array") return [this.example(schema.items)];
    if (schema.type !== "object") return undefined;
    const members = Object.entries(schema.properties).map(([name, member]) => [name, this.example(member)]);
    return Object.fromEntries(members.filter(([, value]) => value !== undefined));
  }

  /** The path with its parameters' examples. */
  path({ path, parameters }) {
    return parameters.filter((parameter) => parameter.in === "path").reduce(
      (text, { name, schema }) => text.replace(`{${name}}`, encodeURIComponent(this.example(schema))), path);
  }

  /** What is wrong with an answer, or nothing. */
  faults_of({ path, method, operation }, answer) {
    const faults = [];
    const promised = this.resolve(operation.responses[answer.status]);
    if (promised === undefined) return [`${method} ${path}: no ${answer.status} is promised: ${answer.text}`];
    for (const name of Object.keys(promised.headers ?? {})) {
      if (["etag", "vary"].includes(name.toLowerCase()) && !answer.headers.has(name) && !Array.isArray(answer.json))
        faults.push(`${method} ${path}: ${answer.status} without ${name}`);
    }
    const type = answer.headers.get("content-type")?.split(";")[0];
    const content = promised.content?.[type];
    if (answer.text !== "" && content === undefined) faults.push(`${method} ${path}: ${answer.status} is ${type}`);
    if (answer.json === undefined || content?.schema === undefined) return faults;
    const pointer = JSON.stringify(content.schema).replaceAll("#/", "document#/");
    const fits = this.ajv.compile(JSON.parse(pointer));
    if (!fits(answer.json)) faults.push(`${method} ${path}: ${answer.status} ${this.ajv.errorsText(fits.errors)} in ${answer.text}`);
    return faults;
  }
}

/** An answer, read. */
export async function ask(url, { method = "get", body, headers = {} } = {}) {
  const sent = body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) };
  const answer = await fetch(url, {
    method: method.toUpperCase(), ...sent,
    headers: body === undefined ? headers : { "content-type": "application/json", ...headers },
  });
  const text = await answer.text();
  const is_json = /json/.test(answer.headers.get("content-type") ?? "");
  return { status: answer.status, headers: answer.headers, text, json: is_json ? JSON.parse(text) : undefined };
}
