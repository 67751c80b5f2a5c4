//! Shortens the names of imports and exports in a WASM module and in its JavaScript. wasm-bindgen's names are long and
//! end in a hash, so they compress badly, and each name occurs in both files.
//!
//! This file also lists a module's functions with their names, and removes all custom sections from a module; the names
//! of the functions are one of these sections.

use crate::failure::{Failure, Outcome};
use std::{collections::BTreeMap, fmt::Display};
use wasm_encoder::{
    CustomSection, ExportSection, ImportSection, Module, RawSection,
    reencode::{self, Reencode},
};
use wasmparser::{Export, ImportSectionReader, KnownCustom, Name, Parser, Payload, TypeRef};

/// Replaces wasm-bindgen's names by short ones. Returns the new module and its new JavaScript.
pub(crate) fn shorten(module: &[u8], script: &str) -> Outcome<(Vec<u8>, String)> {
    let mut names = ShortNames::default();
    let mut shortened = Module::new();
    names
        .parse_core_module(&mut shortened, Parser::new(0), module)
        .map_err(|error| unreadable(&error))?;
    Ok((shortened.finish(), names.replace_in_script(script)))
}

/// The size, in bytes, below which bundlers write a file into a script, as a `data:` address, in place of fetching it: Vite does so
/// below 4 kB. A policy that allows `'self'` does not allow such an address.
const INLINED_BELOW: usize = 4_096;

/// Removes the custom sections of a module, such as the names of its functions and the list of the tools that built the
/// module. No browser needs them. If bundlers would write the module into a script, adds a section of zeros, which compress well.
pub(crate) fn strip(module: &[u8]) -> Outcome<Vec<u8>> {
    let mut bare = Module::new();
    for payload in Parser::new(0).parse_all(module) {
        let payload = payload.map_err(|error| unreadable(&error))?;
        let is_custom = matches!(payload, Payload::CustomSection(_));
        if let Some((id, range)) = payload.as_section().filter(|_| !is_custom) {
            let [start, end] = [range.start, range.end].map(|at| usize::try_from(at).unwrap_or(0));
            let data = module.get(start..end).unwrap_or_default();
            bare.section(&RawSection { id, data });
        }
    }
    let missing = (INLINED_BELOW + 1).saturating_sub(bare.len());
    if missing > 0 {
        bare.section(&CustomSection {
            name: "padding".into(),
            data: vec![0; missing].into(),
        });
    }
    Ok(bare.finish())
}

/// Lists the functions of a module that still has the names of its functions. Each entry is the name of a function, and
/// the size of its body in bytes. The name is empty if the module does not name the function.
pub(crate) fn functions(module: &[u8]) -> Outcome<Vec<(String, u32)>> {
    read_functions(module).map_err(|error| unreadable(&error))
}

fn read_functions(module: &[u8]) -> wasmparser::Result<Vec<(String, u32)>> {
    let (mut names, mut body_sizes, mut import_count) = (BTreeMap::new(), Vec::new(), 0);
    for payload in Parser::new(0).parse_all(module) {
        match payload? {
            Payload::ImportSection(imports) => {
                for import in imports.into_imports() {
                    import_count += u32::from(matches!(import?.ty, TypeRef::Func(_)));
                }
            }
            Payload::CodeSectionEntry(body) => body_sizes.push(body.as_bytes().len()),
            Payload::CustomSection(section) => {
                let KnownCustom::Name(sections) = section.as_known() else {
                    continue;
                };
                for section in sections {
                    if let Name::Function(functions) = section? {
                        for name in functions {
                            let name = name?;
                            names.insert(name.index, name.name.to_owned());
                        }
                    }
                }
            }
            _ => {}
        }
    }
    // A module numbers the imported functions first. The functions with a body follow.
    let named = (import_count..).zip(body_sizes).map(|(index, bytes)| {
        let name = names.remove(&index);
        (
            name.unwrap_or_default(),
            u32::try_from(bytes).unwrap_or(u32::MAX),
        )
    });
    Ok(named.collect())
}

/// The error for a module that cannot be parsed.
fn unreadable(error: &dyn Display) -> Failure {
    Failure::new(format!(
        "a module that wasm-bindgen wrote cannot be read: {error}"
    ))
}

/// Maps each long name to its short name. Names are added while the module is rewritten.
#[derive(Default)]
struct ShortNames(BTreeMap<String, String>);

impl ShortNames {
    /// Returns the short name for a name that wasm-bindgen generated. Returns any other name unchanged, because other
    /// files may use that name too.
    fn shorten<'name>(&'name mut self, name: &'name str) -> &'name str {
        if !["__wbg_", "__wbindgen_", "wasm_bindgen_"]
            .iter()
            .any(|prefix| name.starts_with(prefix))
        {
            return name;
        }
        let next = format!("_{}", self.0.len());
        self.0.entry(name.to_owned()).or_insert(next)
    }

    /// Replaces the long names in a script by their short names. A long name inside a longer word stays.
    fn replace_in_script(&self, script: &str) -> String {
        let is_in_name =
            |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '_' | '$');
        let mut replaced = String::with_capacity(script.len());
        let mut rest = script;
        while let Some(start) = rest.find(is_in_name) {
            let (before, from) = rest.split_at(start);
            let end = from
                .find(|letter| !is_in_name(letter))
                .unwrap_or(from.len());
            let (word, after) = from.split_at(end);
            replaced.push_str(before);
            replaced.push_str(self.0.get(word).map_or(word, String::as_str));
            rest = after;
        }
        replaced + rest
    }
}

/// The trait `Reencode` copies a module. These functions replace the names of the imports and exports in the copy.
impl Reencode for ShortNames {
    type Error = std::convert::Infallible;

    fn parse_import_section(
        &mut self,
        imports: &mut ImportSection,
        section: ImportSectionReader<'_>,
    ) -> Result<(), reencode::Error<Self::Error>> {
        for import in section.into_imports() {
            let import = import?;
            let kind = self.entity_type(import.ty)?;
            imports.import(import.module, self.shorten(import.name), kind);
        }
        Ok(())
    }

    fn parse_export(
        &mut self,
        exports: &mut ExportSection,
        export: Export<'_>,
    ) -> Result<(), reencode::Error<Self::Error>> {
        let kind = self.export_kind(export.kind)?;
        let index = self.external_index(export.kind, export.index)?;
        exports.export(self.shorten(export.name), kind, index);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_encoder::{EntityType, ExportKind};

    #[test]
    fn a_long_name_gets_the_same_short_name_in_the_module_and_in_its_script() {
        let mut module = Module::new();
        let mut types = wasm_encoder::TypeSection::new();
        types.ty().function([], []);
        let mut imports = ImportSection::new();
        imports.import("./bg.js", "__wbg_now_0123", EntityType::Function(0));
        let mut exports = ExportSection::new();
        exports.export("__wbindgen_start", ExportKind::Func, 0);
        exports.export("mount", ExportKind::Func, 0);
        module.section(&types).section(&imports).section(&exports);
        let script = "it = { __wbg_now_0123: () => wasm.__wbindgen_start(wasm.mount) }";
        let (module, script) = shorten(&module.finish(), script).expect("it is a module");
        assert_eq!(script, "it = { _0: () => wasm._1(wasm.mount) }");
        let text = String::from_utf8_lossy(&module);
        assert!(!text.contains("__wbg") && text.contains("_0") && text.contains("mount"));
    }

    #[test]
    fn no_module_is_so_small_that_a_bundler_writes_it_into_a_script() {
        let mut module = Module::new();
        let mut types = wasm_encoder::TypeSection::new();
        types.ty().function([], []);
        let stripped = strip(&module.section(&types).clone().finish()).expect("it is a module");
        assert!(stripped.len() > INLINED_BELOW);
        let payloads: Result<Vec<_>, _> = Parser::new(0).parse_all(&stripped).collect();
        assert!(payloads.is_ok(), "it is still a module");
    }
}
