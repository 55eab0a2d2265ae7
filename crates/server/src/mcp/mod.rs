//! The Model Context Protocol: tools, resources, prompts, over stdio and over HTTP.
//!
//! Every request stands alone (a source is named in it), so sessions share nothing but open Worlds, which are read only.

mod prompts;
mod resources;

use std::io;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rmcp::model::{
    CallToolRequestParams, CallToolResponse, CallToolResult, ContentBlock, GetPromptRequestParams,
    GetPromptResponse, Implementation, ListPromptsResult, ListResourceTemplatesResult, ListResourcesResult,
    ListToolsResult, PaginatedRequestParams, ProgressNotificationParam, ProgressToken,
    ReadResourceRequestParams, ReadResourceResponse, ServerCapabilities, ServerConfig, Tool, ToolAnnotations,
};
use rmcp::service::RequestContext;
use rmcp::transport::io::stdio_pipes;
use rmcp::transport::streamable_http_server::session::never::NeverSessionManager;
use rmcp::transport::{StreamableHttpServerConfig, StreamableHttpService};
use rmcp::{ErrorData, Peer, RoleServer, ServerHandler, ServiceExt as _};
use serde_json::Value as Json;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio_util::sync::CancellationToken;

use crate::control::{Control, Done};
use crate::error::Error;
use crate::reply::Reply;
use crate::run::Calls;
use crate::tool;

/// What a model reads before anything else.
const INSTRUCTIONS: &str = "Chronotope knows exactly what is where and when in videos and other records of things in space and time. \
    Begin with list_sources, then show. Prefer ask (plain English) for anything about space, time, motion, order, counts or who did what: it computes instead of guessing and cites evidence. \
    `unknown` with `missing` says what was not observed: look there, or say that it is not known. Times are seconds of the record; boxes are [left, top, width, height] in pixels.";

/// The protocol over the tools of a desk.
#[derive(Clone)]
pub struct Handler {
    calls: Calls,
    tools: Arc<Vec<Tool>>,
}

impl Handler {
    /// Over these calls.
    pub fn new(calls: Calls) -> Handler {
        let tools = tool::offered(calls.desk()).map(described).collect();
        Handler { calls, tools: Arc::new(tools) }
    }
}

/// A tool as the protocol tells it.
fn described(tool: &'static dyn tool::Tool) -> Tool {
    let Json::Object(input) = tool.input() else {
        // a test sees that every schema is an object
        return Tool::new(tool.name(), tool.about(), rmcp::model::JsonObject::new());
    };
    let title = tool.name().replace('_', " ");
    let annotations = ToolAnnotations::with_title(title)
        .read_only(!tool.writes())
        .destructive(false)
        .idempotent(!tool.writes())
        .open_world(false);
    Tool::new(tool.name(), tool.about(), input).with_annotations(annotations)
}

impl ServerHandler for Handler {
    fn get_info(&self) -> ServerConfig {
        let capabilities =
            ServerCapabilities::builder().enable_tools().enable_resources().enable_prompts().build();
        let me = Implementation::new("chronotope", env!("CARGO_PKG_VERSION")).with_title("Chronotope");
        ServerConfig::new(capabilities).with_server_info(me).with_instructions(INSTRUCTIONS)
    }

    async fn list_tools(
        &self,
        _request: Option<PaginatedRequestParams>,
        _context: RequestContext<RoleServer>,
    ) -> Result<ListToolsResult, ErrorData> {
        Ok(ListToolsResult::with_all_items(self.tools.to_vec()))
    }

    async fn call_tool(
        &self,
        request: CallToolRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        let arguments = request.arguments.unwrap_or_default();
        let control = match context.meta.get_progress_token() {
            None => Control::default(),
            Some(token) => {
                let (told, heard) = unbounded_channel();
                tokio::spawn(tell(context.peer.clone(), token, heard));
                telling(told)
            }
        };
        let came = tokio::select! {
            came = self.calls.call(&request.name, arguments, control) => came,
            () = context.ct.cancelled() => Err(Error::Cancelled),
        };
        Ok(CallToolResponse::from(result(came)))
    }

    async fn list_resources(
        &self,
        _request: Option<PaginatedRequestParams>,
        _context: RequestContext<RoleServer>,
    ) -> Result<ListResourcesResult, ErrorData> {
        Ok(ListResourcesResult::with_all_items(resources::list(&self.calls).await.map_err(refused)?))
    }

    async fn list_resource_templates(
        &self,
        _request: Option<PaginatedRequestParams>,
        _context: RequestContext<RoleServer>,
    ) -> Result<ListResourceTemplatesResult, ErrorData> {
        Ok(ListResourceTemplatesResult::with_all_items(resources::templates()))
    }

    async fn read_resource(
        &self,
        request: ReadResourceRequestParams,
        _context: RequestContext<RoleServer>,
    ) -> Result<ReadResourceResponse, ErrorData> {
        Ok(resources::read(&self.calls, &request.uri).await.map_err(refused)?.into())
    }

    async fn list_prompts(
        &self,
        _request: Option<PaginatedRequestParams>,
        _context: RequestContext<RoleServer>,
    ) -> Result<ListPromptsResult, ErrorData> {
        Ok(ListPromptsResult::with_all_items(prompts::list()))
    }

    async fn get_prompt(
        &self,
        request: GetPromptRequestParams,
        _context: RequestContext<RoleServer>,
    ) -> Result<GetPromptResponse, ErrorData> {
        let arguments = request.arguments.unwrap_or_default();
        Ok(prompts::get(&request.name, &arguments).map_err(refused)?.into())
    }
}

/// A result as the protocol tells it: words for the model, the whole object as structured content, pictures.
fn result(came: Result<Reply, Error>) -> CallToolResult {
    match came {
        Ok(Reply { json, text, images }) => {
            let pictures =
                images.into_iter().map(|image| ContentBlock::image(STANDARD.encode(image.bytes), image.mime));
            let mut result =
                CallToolResult::success([ContentBlock::text(text)].into_iter().chain(pictures).collect());
            result.structured_content = Some(json);
            result
        }
        Err(error) => {
            let hint = error.hint().map_or(String::new(), |hint| format!("\nremedy: {hint}"));
            let mut result = CallToolResult::error(vec![ContentBlock::text(format!("{error}{hint}"))]);
            result.structured_content = Some(error.json());
            result
        }
    }
}

/// What is no tool has no result to tell a mistake in.
fn refused(error: Error) -> ErrorData {
    let data = Some(error.json());
    match error {
        Error::Unknown { .. } | Error::Argument { .. } => ErrorData::invalid_params(error.to_string(), data),
        other => ErrorData::resource_not_found(other.to_string(), data),
    }
}

/// Progress goes to a channel: the tool does not wait for the network.
fn telling(told: UnboundedSender<Done>) -> Control {
    Control::telling(move |done| {
        told.send(done).ok(); // nobody listens any more
    })
}

/// Tells the newest progress; what came meanwhile is passed over.
async fn tell(peer: Peer<RoleServer>, token: ProgressToken, mut heard: UnboundedReceiver<Done>) {
    while let Some(mut done) = heard.recv().await {
        while let Ok(newer) = heard.try_recv() {
            done = newer;
        }
        let mut told = ProgressNotificationParam::new(token.clone(), done.done);
        told.total = done.of;
        told.message = Some(done.words);
        if peer.notify_progress(told).await.is_err() {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    }
}

/// Serves one client on standard input and output, until it closes them or `stop` is cancelled.
///
/// # Errors
/// Where the first messages are none of the protocol.
pub async fn serve_stdio(calls: Calls, stop: CancellationToken) -> io::Result<()> {
    serve(Handler::new(calls.clone()), stdio_pipes(), stop).await?;
    // what is being written is written
    calls.settle(std::time::Duration::from_secs(10)).await;
    Ok(())
}

async fn serve<T, E, A>(handler: Handler, transport: T, stop: CancellationToken) -> io::Result<()>
where
    T: rmcp::transport::IntoTransport<RoleServer, E, A>,
    E: std::error::Error + Send + Sync + 'static,
{
    match handler.serve_with_ct(transport, stop).await {
        Ok(running) => running.waiting().await.map(|_reason| ()).map_err(io::Error::other),
        // a client that goes away before it said anything has had enough
        Err(rmcp::service::ServerInitializeError::ConnectionClosed(_)) => Ok(()),
        Err(error) => Err(io::Error::other(error)),
    }
}

/// The protocol over streamable HTTP, without sessions: every request stands alone. Host, origin and token are looked at before.
pub fn http_service(
    calls: Calls,
    stop: CancellationToken,
) -> StreamableHttpService<Handler, NeverSessionManager> {
    let body = calls.desk().limits.body_bytes;
    let handler = Handler::new(calls);
    let config = StreamableHttpServerConfig::default()
        .with_legacy_session_mode(false)
        .with_json_response(true)
        .disable_allowed_hosts()
        .with_max_request_body_bytes(body)
        .with_cancellation_token(stop);
    StreamableHttpService::new(move || Ok(handler.clone()), Arc::new(NeverSessionManager::default()), config)
}

#[cfg(test)]
mod tests;
