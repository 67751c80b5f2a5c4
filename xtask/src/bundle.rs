//! `cargo xtask bundle`: writes everything that we publish into the directory `dist`. These are the files that a web
//! page loads with a script tag, their hash for the attribute `integrity` of that tag, and the npm package.

use crate::{
    disk,
    failure::Outcome,
    frame_policy::{FrameArguments, FramePolicy},
    headless, process,
    site::{self, Site},
    size, test_kit, tools,
    widget::{File, hash},
    workspace,
};
use serde_json::{Value, json};
use std::{
    panic,
    path::{Path, PathBuf},
    process::{Command, ExitCode},
    thread,
};

/// The members of `npm/package.json` that are not published, because only the build needs them.
const BUILD_ONLY: [&str; 3] = ["private", "scripts", "devDependencies"];

/// Write the files of the script tag and the npm package to dist, and print their sizes
///
/// Takes about a minute; the first time 3 to 6 minutes, because everything is compiled.
#[derive(clap::Args)]
#[command(after_help = "Examples:
  cargo xtask bundle
  cargo xtask bundle --frame-origins https://shop.example --chat-servers https://chat.example")]
pub(crate) struct Arguments {
    #[command(flatten)]
    frame: FrameArguments,
}

pub(crate) fn run(arguments: &Arguments) -> Outcome<ExitCode> {
    let policy = FramePolicy::new(&arguments.frame)?;
    tools::check_programs()?;
    let out = workspace::target()?.join("site");
    let site = site::build(&out, &policy)?;
    let dist = workspace::root().join("dist");
    disk::remove(&dist)?;
    disk::copy_directory(&out.join("pipit"), &dist.join("pipit"))?;
    let loader = site.files.iter().find(|file| file.name == "pipit.js");
    let integrity = loader.map(File::integrity).unwrap_or_default();
    disk::write(
        &dist.join("integrity.json"),
        format!("{:#}\n", json!({ "pipit/pipit.js": integrity })),
    )?;
    let tarball = package(&site, &dist)?;
    println!(
        "{}",
        size::table(&size::weigh(&site.files, &dist.join("pipit"))?)
    );
    println!("dist/pipit      the script tag's files; files.json says what each is");
    println!("dist/{}", tarball.file_name().unwrap_or_default().display());
    println!(
        "\n<script async src=\"https://your-cdn.example/pipit/pipit.js\" crossorigin\n        \
         integrity=\"{integrity}\" data-session-endpoint=\"/chat-session\"></script>"
    );
    Ok(ExitCode::SUCCESS)
}

/// Packs the npm package of a built site. Writes the tarball into the directory `to`, and returns the tarball's path.
pub(crate) fn package(site: &Site, to: &Path) -> Outcome<PathBuf> {
    let root = workspace::root();
    let out = workspace::target()?.join("package");
    // Writes the scripts, the WASM modules and the languages.
    site.sources.write_npm_package(&out)?;
    // Each of these compiles a WASM module, and its linker uses one processor only. So they are made at the same time.
    thread::scope(|scope| {
        let headless = scope.spawn(|| headless::write(&out));
        let test_kit = test_kit::write(&out);
        let headless = headless
            .join()
            .unwrap_or_else(|panicked| panic::resume_unwind(panicked));
        test_kit.and(headless)
    })?;
    write_frame(site, &out.join("frame"))?;
    write_types(&out.join("types"))?;
    for name in [
        "LICENSE-MIT",
        "LICENSE-APACHE",
        "npm/README.md",
        "CHANGELOG.md",
        "npm/custom-elements.json",
        "npm/html-custom-data.json",
        "npm/web-types.json",
        "npm/cli.mjs",
    ] {
        let from = root.join(name);
        disk::copy(&from, &out.join(from.file_name().unwrap_or_default()))?;
    }
    disk::copy_directory(&root.join("npm/elements"), &out.join("types/elements"))?;
    // `import "pipit-chat/elements/react"` adds types. At run time there is nothing to import.
    disk::write(&out.join("elements.js"), "export {};\n")?;
    write_manifest(&root.join("npm/package.json"), &out)?;
    let provenance = provenance(&out)?;
    disk::write(&out.join("provenance.json"), format!("{provenance:#}\n"))?;
    disk::create_directory(to)?;
    let mut pack = Command::new("npm");
    pack.args(["pack", "--silent", "--ignore-scripts", "--pack-destination"]);
    let name = process::read(pack.arg(to).current_dir(&out))?;
    Ok(to.join(name))
}

/// Writes the page for the iframe, in which the panel runs on a page that does not allow WebAssembly, with all files that it loads: those of
/// the script tag except its loader.
fn write_frame(site: &Site, to: &Path) -> Outcome {
    let files = site.files.iter().filter(|file| file.name != "pipit.js");
    for file in files {
        disk::write(
            &to.join(&file.path),
            disk::read(&site.script_tag.join(&file.path))?,
        )?;
    }
    Ok(())
}

/// Writes the package's manifest without the members that only the build needs. npm edits the file, because npm keeps
/// the order of the other members. The order matters: TypeScript and Node.js take the first condition in `exports` that
/// fits, so `types` must stay before `default`.
fn write_manifest(from: &Path, package: &Path) -> Outcome {
    disk::copy(from, &package.join("package.json"))?;
    let mut npm = Command::new("npm");
    npm.args(["pkg", "delete"]).args(BUILD_ONLY);
    process::run(npm.current_dir(package))
}

/// Writes the type declarations of the package's entry, and of everything that they refer to.
fn write_types(out: &Path) -> Outcome {
    let npm = workspace::root().join("npm");
    process::run(
        Command::new(npm.join("node_modules/.bin/tsc"))
            .args(["--project", "tsconfig.types.json", "--outDir"])
            .arg(out)
            .current_dir(&npm),
    )?;
    for directory in [out, &out.join("frameworks"), &out.join("testing")] {
        for name in disk::names(directory)? {
            let file = directory.join(name);
            if file.is_file() {
                // The sources import files without extensions. Node.js resolves only full file names.
                let text = disk::read_text(&file)?;
                let lines = text.lines().map(|line| with_extensions(line) + "\n");
                disk::write(&file, lines.collect::<String>())?;
            }
        }
    }
    Ok(())
}

/// Adds extensions to the imports in a line: `from "./api"` becomes `from "./api.js"`.
fn with_extensions(line: &str) -> String {
    // Every second piece is between quotes.
    let pieces = line.split('"').enumerate().map(|(index, piece)| {
        let is_import = index % 2 == 1 && (piece.starts_with("./") || piece.starts_with("../"));
        piece.to_owned() + if is_import { ".js" } else { "" }
    });
    pieces.collect::<Vec<_>>().join("\"")
}

/// The content of `provenance.json`, which tells the users of the package how it was built: the commit, whether files
/// have changed since the commit, the versions of the build's tools, and the sources and the hash of each file of the
/// package.
fn provenance(package: &Path) -> Outcome<Value> {
    let output_of = |program: &str, arguments: &[&str]| {
        process::read(
            Command::new(program)
                .args(arguments)
                .current_dir(workspace::root()),
        )
    };
    let mut files = Vec::new();
    for directory in [
        "",
        "frame/",
        "frame/locales/",
        "locales/",
        "testing/",
        "testing/conversations/",
        "types/",
        "types/elements/",
        "types/frameworks/",
        "types/testing/",
    ] {
        for name in disk::names(&package.join(directory))? {
            let path = format!("{directory}{name}");
            let file = package.join(&path);
            if file.is_file() {
                let sha256 = hash(&disk::read(&file)?);
                files.push(json!({ "file": path, "from": sources_of(&path), "sha256": sha256 }));
            }
        }
    }
    Ok(json!({
        "commit": output_of("git", &["rev-parse", "HEAD"])?,
        "changedSince": !output_of("git", &["status", "--porcelain"])?.is_empty(),
        "rustc": output_of("rustc", &["--version"])?,
        "wasm-bindgen": workspace::locked_version("wasm-bindgen")?,
        "locks": ["Cargo.lock", "npm/package-lock.json"],
        "command": "cargo xtask bundle",
        "files": files,
    }))
}

/// The sources from which a file of the package is made, and the tools that make it.
fn sources_of(path: &str) -> &'static str {
    let extension = Path::new(path).extension().unwrap_or_default();
    match extension.to_str().unwrap_or_default() {
        _ if path.starts_with("locales/") => "src/locale",
        _ if path.starts_with("testing/conversations/") => "crates/script/conversations",
        _ if path.starts_with("frame/") => {
            "src, crates and npm, as the files of the package beside them"
        }
        _ if path.starts_with("testing/") => {
            "npm/testing and crates/test-kit, by rustc, wasm-bindgen, wasm-opt and esbuild"
        }
        "wasm" if path.starts_with("headless") => {
            "src and crates, by rustc, wasm-bindgen and wasm-opt"
        }
        "wasm" => "src and crates, by rustc, wasm-split, wasm-bindgen and wasm-opt",
        "js" => "npm, src/view/style and wasm-bindgen's glue, by esbuild",
        "ts" => "npm, by tsc",
        "json" | "md" | "mjs" => "npm",
        _ => "the repository",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn imports_in_type_declarations_get_extensions() {
        assert_eq!(
            with_extensions("export type { Chat } from \"./api\";"),
            "export type { Chat } from \"./api.js\";"
        );
        assert_eq!(
            with_extensions("a: typeof import(\"../b\"); c: \"d\"; e: \"react\""),
            "a: typeof import(\"../b.js\"); c: \"d\"; e: \"react\""
        );
    }

    #[test]
    fn the_published_manifest_keeps_its_order_and_lacks_the_members_that_only_the_build_needs() {
        let directory = workspace::target().unwrap().join("manifest-test");
        let text = r#"{
  "name": "it",
  "private": true,
  "exports": {
    ".": {
      "types": "./types/index.d.ts",
      "default": "./index.js"
    },
    "./a": "./a.js"
  },
  "scripts": {
    "check": "true"
  },
  "devDependencies": {},
  "author": "we"
}
"#;
        let published = r#"{
  "name": "it",
  "exports": {
    ".": {
      "types": "./types/index.d.ts",
      "default": "./index.js"
    },
    "./a": "./a.js"
  },
  "author": "we"
}
"#;
        let from = directory.join("source.json");
        disk::write(&from, text).unwrap();
        let package = directory.join("package");
        disk::create_directory(&package).unwrap();
        write_manifest(&from, &package).unwrap();
        let written = disk::read_text(&package.join("package.json")).unwrap();
        assert_eq!(written, published);
    }
}
