// Converts the attributes of Oracle's chat inlay (Oracle's own chat element) to our options. A web team can then rename the inlay's
// element to `<pipit-chat>` and keep its attributes.

import type { Field, Options } from "./contract";
import { PipitError } from "./error";

/** The inlay's names of form fields, and ours. */
const FIELD_NAMES: Record<string, string> = {
  FIRST_NAME: "firstName",
  LAST_NAME: "lastName",
  EMAIL: "emailAddress",
  SUBJECT: "question",
  PRODUCT: "productId",
  CATEGORY: "categoryId",
};

/** An item of the inlay's attribute `launch-form-fields`, which describes the form before a conversation. */
interface InlayField {
  name: string;
  value?: string;
  label?: string;
  required?: boolean | string;
  hidden?: boolean | string;
}

/**
 * Replaces the inlay's attributes by our options, and keeps all other members. `given` has the attributes by names such as
 * `launchFormFields`. If both names of an option are given, our own name
 * wins.
 */
export function fromInlayAttributes(given: Record<string, unknown>): Record<string, unknown> {
  const { siteUrl, queueId, launchFormFields, ...others } = given;
  const options: Partial<Options> = {};
  const prefill: Record<string, unknown> = {};
  if (siteUrl) {
    // The surveys are on the site with this address.
    options.surveyBase = `${siteUrl}`;
  }
  if (queueId) {
    // `queueId` has two uses: the widget counts the queue's agents, and the web team's server needs it to request a session. The server
    // gets it with the answers of the form, to which `prefill` belongs.
    options.queueId = `${queueId}`;
    prefill["queueId"] = queueId;
  }
  if (launchFormFields) {
    const fields = parseList(`${launchFormFields}`).map(parseField);
    // A hidden field is not in the form. Only its value is taken, below.
    options.form = fields.filter(({ hidden }) => `${hidden}` !== "true").map(toFormField);
    for (const { name, value } of fields) {
      if (value) {
        prefill[fieldName(name)] = value;
      }
    }
  }
  const allPrefill = { ...prefill, ...(others["prefill"] as object) };
  return { ...options, ...others, ...(Object.keys(allPrefill).length > 0 && { prefill: allPrefill }) };
}

/** Parses the JSON of `launch-form-fields`. Throws `E_OPTION` if the text is not a JSON list of fields. */
function parseList(text: string): (string | InlayField)[] {
  let fields: unknown;
  try {
    fields = JSON.parse(text);
  } catch {
    // A text that is not JSON is no list, which is checked below.
  }
  if (!Array.isArray(fields) || !fields.every((field) => typeof (field?.name ?? field) === "string")) {
    throw new PipitError("E_OPTION", "`launch-form-fields` is not a JSON list of fields with names.");
  }
  return fields;
}

/** Parses an item of `launch-form-fields`. It may be only a name; a star at its end marks a required field: `"EMAIL*"`. */
function parseField(field: string | InlayField): InlayField {
  return typeof field === "string" ? { name: field.replace("*", ""), required: field.endsWith("*") } : field;
}

/** Converts an item to a field of our form. Only a custom field needs a label, because Pipit has labels for all other fields. */
function toFormField({ name, label, required }: InlayField): Field {
  const formLabel = isCustom(name) ? (label ?? name.slice(2)) : label || undefined;
  return {
    name: fieldName(name),
    ...(formLabel !== undefined && { label: formLabel }),
    ...(`${required}` === "true" && { required: true }),
  };
}

/** Whether a field is one that the site has defined itself. The names of such fields begin with `c$`. */
function isCustom(name: string): boolean {
  return name.startsWith("c$");
}

/** Returns our name for an inlay field. */
function fieldName(name: string): string {
  return FIELD_NAMES[name.toUpperCase()] ?? (isCustom(name) ? name.slice(2) : name);
}
