// The attributes of Oracle's chat inlay, so that its element can be exchanged for this one.

import { PipitError } from "./error";
import type { Field, Options } from "./options";

/** The inlay's names of fields. */
const NAMES: Record<string, string> = {
  FIRST_NAME: "firstName",
  LAST_NAME: "lastName",
  EMAIL: "emailAddress",
  SUBJECT: "question",
  PRODUCT: "productId",
  CATEGORY: "categoryId",
};

interface Described {
  name: string;
  value?: string;
  label?: string;
  required?: boolean | string;
  hidden?: boolean | string;
}

/** Options from the inlay's attributes, in place of them. */
export function fromInlay(given: Record<string, unknown>): Record<string, unknown> {
  const { siteUrl, queueId, launchFormFields, ...rest } = given;
  const options: Partial<Options> = {};
  const prefill: Record<string, unknown> = {};
  if (siteUrl) {
    options.surveyBase = `${siteUrl}`;
  }
  if (queueId) {
    // Whose wait is asked about is an option of ours too; whoever makes the session sets it.
    Object.assign(options, { queueId: `${queueId}` });
    prefill["queueId"] = queueId;
  }
  if (launchFormFields) {
    const fields = read(`${launchFormFields}`).map(described);
    options.form = fields.filter(({ hidden }) => `${hidden}` !== "true").map(field);
    for (const { name, value } of fields) {
      if (value) {
        prefill[ours(name)] = value;
      }
    }
  }
  // What the host says by our own names comes first.
  const known = { ...prefill, ...(rest["prefill"] as object) };
  return { ...options, ...rest, ...(Object.keys(known).length > 0 && { prefill: known }) };
}

function read(text: string): (string | Described)[] {
  try {
    return JSON.parse(text) as (string | Described)[];
  } catch (cause) {
    throw new PipitError("E_OPTION", "`launch-form-fields` is not a JSON list.", { cause });
  }
}

/** `"EMAIL*"` is a field that has to be filled in. */
function described(field: string | Described): Described {
  return typeof field === "string" ? { name: field.replace("*", ""), required: field.endsWith("*") } : field;
}

function field({ name, label, required }: Described): Field {
  const custom = /^c\$/.test(name) ? { label: label ?? name.slice(2) } : label ? { label } : {};
  return { name: ours(name), ...custom, ...(`${required}` === "true" && { required: true }) };
}

/** A custom field begins with `c$`. */
function ours(name: string): string {
  return NAMES[name.toUpperCase()] ?? name.replace(/^c\$/, "");
}
