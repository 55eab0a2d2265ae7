//! The document that machines read: OpenAPI 3.1.

use serde_json::{Map, Value as Json, json};

use crate::desk::Desk;
use crate::tool;

/// Of what a desk offers.
pub(super) fn document(desk: &Desk) -> Json {
    let mut paths = Map::new();
    for tool in tool::offered(desk) {
        paths.insert(
            format!("/tools/{}", tool.name()),
            json!({ "post": {
                "operationId": tool.name(),
                "summary": tool.about(),
                "requestBody": { "required": true, "content": { "application/json": { "schema": tool.input() } } },
                "responses": answers("The result; with Accept: text/event-stream as events progress and result"),
            } }),
        );
    }
    let rows = json!({ "required": true, "content": {
        "application/json": { "schema": { "type": "array", "items": { "type": "object" } } },
        "application/x-ndjson": { "schema": { "type": "string" } },
    } });
    paths.insert(
        "/reward/{rule}".to_owned(),
        json!({ "post": {
            "operationId": "reward",
            "summary": "Rewards completions by a rule: rows {id, completion, answer, problem_type, context} in, {id, reward, parts, reason, error} out, in the same order and form",
            "parameters": [
                parameter("rule", "path", "The rule, as `chronotope list rewards` names it"),
                parameter("group_by", "query", "Rows with the same value here, or in their context, are rollouts of one prompt"),
                parameter("advantage", "query", "Adds each row's advantage in its group by this method"),
            ],
            "requestBody": rows,
            "responses": answers("The rewards"),
        } }),
    );
    paths.insert(
        "/score/{metric}".to_owned(),
        json!({ "post": {
            "operationId": "score",
            "summary": "Scores predictions against truths by a metric, as `chronotope score --json`",
            "parameters": [
                parameter("metric", "path", "The metric, as `chronotope list metrics` names it"),
                parameter("by", "query", "Scores by the value of this field too"),
            ],
            "requestBody": { "required": true, "content": { "application/json": { "schema": {
                "type": "object",
                "properties": {
                    "truth": { "type": "array", "items": { "type": "object" } },
                    "predictions": { "type": "array", "items": { "type": "object" } },
                },
                "required": ["truth", "predictions"],
            } } } },
            "responses": answers("The scores"),
        } }),
    );
    let open = |about: &str| json!({ "get": { "summary": about, "responses": answers(about) } });
    paths.insert(
        "/health".to_owned(),
        json!({ "get": { "summary": "Whether it is there", "security": [], "responses": answers("It is") } }),
    );
    paths.insert("/openapi.json".to_owned(), open("This document"));
    paths.insert(
        "/tools".to_owned(),
        json!({ "get": {
            "summary": "The tools as an agent framework takes them",
            "parameters": [parameter("style", "query", "openai, anthropic or langchain")],
            "responses": answers("The definitions"),
        } }),
    );
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Chronotope",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "What is where and when in videos and other records, answered exactly and with evidence. MCP is at /mcp.",
        },
        "security": [{ "bearer": [] }],
        "components": { "securitySchemes": { "bearer": { "type": "http", "scheme": "bearer" } } },
        "paths": paths,
    })
}

fn parameter(name: &str, place: &str, about: &str) -> Json {
    json!({ "name": name, "in": place, "required": place == "path", "description": about, "schema": { "type": "string" } })
}

fn answers(about: &str) -> Json {
    let content = json!({ "application/json": { "schema": {} } });
    json!({
        "200": { "description": about, "content": content },
        "default": { "description": "{error: {kind, text, hint}}", "content": content },
    })
}
