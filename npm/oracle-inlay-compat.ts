// Reads the attributes of Oracle's chat inlay, so that `<pipit-chat>` can replace the inlay's element as it is.

import type { Field, Options } from "./contract";
import { PipitError } from "./error";

/** Our names of the inlay's fields. */
const FIELD_NAMES: Record<string, string> = {
  FIRST_NAME: "firstName",
  LAST_NAME: "lastName",
  EMAIL: "emailAddress",
  SUBJECT: "question",
  PRODUCT: "productId",
  CATEGORY: "categoryId",
};

/** A field of the inlay's attribute `launch-form-fields`. */
interface InlayField {
  name: string;
  value?: string;
  label?: string;
  required?: boolean | string;
  hidden?: boolean | string;
}

/** Replaces the inlay's attributes by options. Options under our own names win. */
export function fromInlayAttributes(given: Record<string, unknown>): Record<string, unknown> {
  const { siteUrl, queueId, launchFormFields, ...others } = given;
  const options: Partial<Options> = {};
  const prefill: Record<string, unknown> = {};
  if (siteUrl) {
    options.surveyBase = `${siteUrl}`;
  }
  if (queueId) {
    // `queueId` is used twice: to count the queue's agents, and by the site's own server, which requests the session.
    options.queueId = `${queueId}`;
    prefill["queueId"] = queueId;
  }
  if (launchFormFields) {
    const fields = parseList(`${launchFormFields}`).map(parseField);
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

function parseList(text: string): (string | InlayField)[] {
  try {
    return JSON.parse(text) as (string | InlayField)[];
  } catch (cause) {
    throw new PipitError("E_OPTION", "`launch-form-fields` is not a JSON list.", { cause });
  }
}

/** A field may be given by its name alone. A star marks a required field: `"EMAIL*"`. */
function parseField(field: string | InlayField): InlayField {
  return typeof field === "string" ? { name: field.replace("*", ""), required: field.endsWith("*") } : field;
}

/** A custom field needs a label; Pipit has labels for the others. */
function toFormField({ name, label, required }: InlayField): Field {
  const formLabel = isCustom(name) ? (label ?? name.slice(2)) : label || undefined;
  return {
    name: fieldName(name),
    ...(formLabel !== undefined && { label: formLabel }),
    ...(`${required}` === "true" && { required: true }),
  };
}

/** Names of custom fields begin with `c$`. */
function isCustom(name: string): boolean {
  return name.startsWith("c$");
}

function fieldName(name: string): string {
  return FIELD_NAMES[name.toUpperCase()] ?? (isCustom(name) ? name.slice(2) : name);
}
