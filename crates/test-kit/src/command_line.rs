//! [`CommandLine`]: what the words of the command line of `npx pipit-sandbox` ask for. They are the same as those of the
//! Rust program of that name.

use js_sys::Function;
use pipit_sandbox::Options;
use pipit_sandbox::command_line::{Command, HELP_WITHOUT_SITE, parse};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsError, JsValue};

use crate::sandbox_server::SandboxServer;

/// A parsed command line.
#[wasm_bindgen]
pub struct CommandLine(Command);

#[wasm_bindgen]
impl CommandLine {
    /// Parses the words of a command line, without the program's name. `read_file` is a function that returns the text of
    /// a file.
    ///
    /// # Errors
    /// An `Error` that says what is wrong.
    pub fn parse(words: Vec<String>, read_file: &Function) -> Result<Self, JsError> {
        let read = |path: &str| {
            let text = read_file.call1(&JsValue::UNDEFINED, &path.into());
            let text = text.ok().and_then(|text| text.as_string());
            text.ok_or_else(|| std::io::ErrorKind::NotFound.into())
        };
        let command = parse(words, read).map_err(|error| JsError::new(&error))?;
        if let Command::Serve(options) = &command
            && (options.site_dir.is_some() || options.policy.is_some())
        {
            return Err(JsError::new(
                "--site and --policy are only in the Rust program pipit-sandbox; serve your pages with your own server",
            ));
        }
        Ok(Self(command))
    }

    /// The text to print in place of serving: `help`, or `undefined`.
    pub fn help(&self) -> Option<String> {
        matches!(self.0, Command::Help).then(|| HELP_WITHOUT_SITE.to_owned())
    }

    /// The version to print in place of serving, or `undefined`.
    pub fn version(&self) -> Option<String> {
        matches!(self.0, Command::Version).then(|| env!("CARGO_PKG_VERSION").to_owned())
    }

    /// The port of the API; 0 for a free one.
    #[wasm_bindgen(js_name = apiPort)]
    pub fn api_port(&self) -> u16 {
        self.options().map_or(0, |options| options.api_port)
    }

    /// How many times faster than the system's clock the sandbox's clock runs.
    pub fn speed(&self) -> u32 {
        self.options().map_or(1, |options| options.speed)
    }

    /// The name of the customer in the API's addresses.
    #[wasm_bindgen(js_name = siteName)]
    pub fn site_name(&self) -> Option<String> {
        self.options().map(|options| options.site_name.clone())
    }

    /// The id of the pool at the start.
    pub fn pool(&self) -> Option<String> {
        self.options().map(|options| options.config.pool.clone())
    }

    /// The time within which a client must send the whole header of a request, in ms.
    #[wasm_bindgen(js_name = headerTimeout)]
    pub fn header_timeout(&self) -> f64 {
        self.options().map_or(0.0, |options| {
            options.header_timeout.as_secs_f64() * 1_000.0
        })
    }

    /// Starts the sandbox that the command line describes, which listens on `port` of 127.0.0.1.
    ///
    /// # Errors
    /// An `Error` that says what is wrong, for example if the command line asks for something else.
    pub fn start(&self, port: u16, now_ms: f64) -> Result<SandboxServer, JsError> {
        let options = self
            .options()
            .ok_or_else(|| JsError::new("This command line starts no sandbox."))?;
        SandboxServer::with_options(options, "127.0.0.1", Some(port), now_ms)
    }
}

impl CommandLine {
    fn options(&self) -> Option<&Options> {
        match &self.0 {
            Command::Serve(options) => Some(options),
            Command::Help | Command::Version => None,
        }
    }
}
