//! The calls of the control API.

#![allow(
    clippy::unnecessary_wraps,
    reason = "all handlers have one signature, also those that cannot fail"
)]

use std::time::Duration;

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{Answer, Ask, Field, Given, Handler, Route, field, needed, openapi};
use crate::fault::{Fault, Faults, Kind, Place};
use crate::hub::State;
use crate::journal::{self, Check, Direction, Entry, Stretch, Transport, Verdict};
use crate::rim::Side;
use crate::transcript::Transcript;
use crate::world::{Act, Rejected, Say, World};
use crate::{coverage, platforms};

const PAGE: u64 = 200;
const LONGEST_PAGE: u64 = 10_000;
/// No fault holds anything back longer: one hour.
const LONGEST_DELAY_MS: u64 = 3_600_000;
/// No fault lasts longer, unless it lasts for ever: one year.
const LONGEST_FAULT_S: f64 = 31_536_000.0;

/// A bot tells of its work in this order.
const STAGES: [(&str, &str); 2] = [("event", "event"), ("handled", "handled")];
/// A note names no more messages.
const MOST_SENT: usize = 100;
/// A note tells of no more that was verified.
const MOST_CHECKS: usize = 16;

const PLATFORM: Field = needed(
    "platform",
    "string",
    "Whose world; `GET /control/health` names the platforms.",
);

const fn route(method: &'static str, path: &'static str, handler: Handler) -> Route {
    Route {
        method,
        path,
        about: "",
        query: &[],
        body: Given::Fields(&[]),
        answer: "",
        handler,
    }
}

/// Every call there is.
pub(super) const ROUTES: &[Route] = &[
    Route {
        about: "Says that the sandbox is ready.",
        answer: "`ok`, `version`, `now` (virtual time in seconds since 1970), `strict`, `platforms`.",
        ..route("GET", "/control/health", Handler::Plain(health))
    },
    Route {
        about: "Describes these calls.",
        answer: "An OpenAPI document.",
        ..route("GET", "/control/openapi.json", Handler::Plain(describe))
    },
    Route {
        about: "Everybody in a world, the bot included.",
        query: &[PLATFORM],
        answer: "`people`: `name`, `id`, `display`, `bot`.",
        ..route("GET", "/control/people", Handler::Plain(people))
    },
    Route {
        about: "The conversations of a world, or those that one person sees.",
        query: &[PLATFORM, field("as", "string", "The person's name or id.")],
        answer: "`conversations`, most recent first, and `joinable` groups.",
        ..route(
            "GET",
            "/control/conversations",
            Handler::Plain(conversations),
        )
    },
    Route {
        about: "A page of a conversation's messages.",
        query: &[
            PLATFORM,
            needed("conversation", "string", "`group:<id>` or `user:<id>`."),
            field("before", "integer", "A `seq`: what came before it."),
            field("limit", "integer", "At most so many; 200 unless given."),
        ],
        answer: "`messages`, oldest first, and whether there are `more`.",
        ..route("GET", "/control/messages", Handler::Plain(messages))
    },
    Route {
        about: "A picture or file that somebody sent.",
        answer: "The bytes, under their media type.",
        ..route("GET", "/control/media/{name}", Handler::Plain(media))
    },
    Route {
        about: "A person speaks. Worlds may know further fields.",
        body: Given::Fields(&[
            PLATFORM,
            needed("from", "string", "A name or id."),
            needed(
                "to",
                "string",
                "`user:<name or id>` (the bot is `user:bot`) or `group:<name or id>`.",
            ),
            field("text", "string", "Plain text."),
            field(
                "message",
                "any",
                "The platform's own message instead of `text`.",
            ),
        ]),
        answer: "The platform's message `ids` and the `seq` in the conversation.",
        ..route("POST", "/control/say", Handler::Plain(say))
    },
    Route {
        about: "A person does something else than speak.",
        body: Given::Fields(&[
            PLATFORM,
            needed("who", "string", "A name or id."),
            needed(
                "action",
                "string",
                "`join`, `leave`, `recall`, `react`, `poke`, …; the rest as the action needs it.",
            ),
        ]),
        answer: "What came of it.",
        ..route("POST", "/control/act", Handler::Plain(act))
    },
    Route {
        about: "Requests, answers, events and frames: the last ones, or those after an id.",
        query: &[
            field("platform", "string", "Only those of this platform."),
            field("after", "integer", "An id: what came after it."),
            field(
                "before",
                "integer",
                "An id: what came before it, the last of that.",
            ),
            field("limit", "integer", "At most so many; 200 unless given."),
        ],
        answer: "`entries`, oldest first.",
        ..route("GET", "/control/journal", Handler::Plain(journal))
    },
    Route {
        about: "A bot tells what it makes of an event, for the journey of the message: once it has understood it (stage `event`), and once it has handled it (stage `handled`). Nothing else depends on it.",
        body: Given::Fields(&[
            PLATFORM,
            needed("stage", "string", "`event` or `handled`."),
            field(
                "about",
                "any",
                "The platform's id of the message, a text or a number; without it the journal alone has the note.",
            ),
            field("by", "string", "Who tells: a bot or an account."),
            field("event", "any", "The event as the bot understands it."),
            field(
                "checks",
                "array",
                "What the bot has verified: objects of `what` (signature, timestamp, receiver, …) and `ok`; 16 at most.",
            ),
            field(
                "took_ms",
                "number",
                "How long the handler took, in milliseconds.",
            ),
            field("reply", "any", "What the handler answered."),
            field(
                "sent",
                "array",
                "The platform's ids of the messages that the bot sent for it, texts; 100 at most.",
            ),
            field("error", "string", "Why the handler failed."),
        ]),
        answer: "The note's `id` in the journal.",
        ..route("POST", "/control/note", Handler::Plain(take_note))
    },
    Route {
        about: "A conversation, put down.",
        query: &[
            PLATFORM,
            needed(
                "conversation",
                "string",
                "Its id, as `GET /control/conversations` has it.",
            ),
            field(
                "format",
                "string",
                "`json` for programs and for the page to show again, `text` for readers (Markdown), `test` for a test in Rust that does it all again; json unless given.",
            ),
        ],
        answer: "The transcript.",
        ..route("GET", "/control/transcript", Handler::Plain(transcript))
    },
    Route {
        about: "What happens, as it happens: server-sent events.",
        answer: "`journal` with an entry, `message` with a message and its `platform`, `state` with `kind`: conversations (of one `platform`), clock, fault or reset.",
        ..route("GET", "/control/journal/stream", Handler::Stream)
    },
    Route {
        about: "The virtual time.",
        answer: "`now` in seconds since 1970, `offset_s` ahead of the machine.",
        ..route("GET", "/control/clock", Handler::Plain(clock))
    },
    Route {
        about: "Moves the virtual time.",
        body: Given::Fields(&[
            field(
                "advance_s",
                "number",
                "Moves on by so many seconds; back if negative.",
            ),
            field("set", "number", "Moves to a time in seconds since 1970."),
        ]),
        answer: "`now` and `offset_s`.",
        ..route("POST", "/control/clock", Handler::Plain(move_clock))
    },
    Route {
        about: "The faults in force.",
        answer: "`faults`.",
        ..route("GET", "/control/fault", Handler::Plain(faults))
    },
    Route {
        about: "Makes something go wrong.",
        body: Given::Fields(&[
            PLATFORM,
            needed(
                "kind",
                "string",
                "delay, drop, duplicate, reorder, status_5xx, rate_limit, expire_tokens, forge_signature, half_open or disconnect; in the world of DingTalk also cut, farewell, blocked or html, in that of RongCloud timeout, blocked or html.",
            ),
            field(
                "where",
                "string",
                "http, post, ws or all; all unless given.",
            ),
            field("ms", "integer", "For delay: how long, in milliseconds."),
            field(
                "count",
                "integer",
                "How often at most; always unless given.",
            ),
            field(
                "for_s",
                "number",
                "For how many seconds of virtual time; for ever unless given.",
            ),
        ]),
        answer: "The fault's `id`.",
        ..route("POST", "/control/fault", Handler::Plain(add_fault))
    },
    Route {
        about: "Lifts one fault, or all.",
        query: &[field("id", "integer", "Which one; all unless given.")],
        answer: "How many were `removed`.",
        ..route("DELETE", "/control/fault", Handler::Plain(remove_faults))
    },
    Route {
        about: "Starts over from the seed: worlds, journal, faults and clock. Ids go on counting.",
        answer: "`ok`.",
        ..route("POST", "/control/reset", Handler::Plain(reset))
    },
    Route {
        about: "The whole state of worlds and clock.",
        answer: "Something to give back to PUT.",
        ..route("GET", "/control/snapshot", Handler::Plain(snapshot))
    },
    Route {
        about: "Puts a state back. Ids go on counting.",
        body: Given::Fields(&[
            needed("offset_ms", "integer", "How far the virtual time is ahead."),
            needed("worlds", "object", "The worlds by platform."),
        ]),
        answer: "`ok`.",
        ..route("PUT", "/control/snapshot", Handler::Plain(restore))
    },
    Route {
        about: "Every endpoint and every kind of event, with what proves it.",
        answer: "By platform: `endpoints` and `events`.",
        ..route("GET", "/control/coverage", Handler::Plain(cover))
    },
    Route {
        about: "Describes the calls of a platform, for programs that make or try calls.",
        answer: "An OpenAPI document.",
        ..route(
            "GET",
            "/control/{platform}/openapi.json",
            Handler::Plain(describe_platform),
        )
    },
    Route {
        about: "Where events are delivered to, and how the bot's account behaves.",
        answer: "All settings but the secrets.",
        ..route(
            "GET",
            "/control/{platform}/delivery",
            Handler::Plain(delivery),
        )
    },
    Route {
        about: "Changes where events are delivered to. Only what is given changes.",
        body: Given::ByPlatform,
        answer: "All settings but the secrets.",
        ..route(
            "PUT",
            "/control/{platform}/delivery",
            Handler::Plain(change_delivery),
        )
    },
];

fn health(state: &mut State, _: &Ask) -> Result<Answer, Rejected> {
    let platforms = platforms::ALL.map(|platform| platform.name);
    Ok(Answer::from(json!({
        "ok": true,
        "version": env!("CARGO_PKG_VERSION"),
        "now": seconds(state.now().0),
        "strict": state.strict,
        "platforms": platforms,
    })))
}

fn describe(_: &mut State, _: &Ask) -> Result<Answer, Rejected> {
    Ok(Answer::from(openapi::document(ROUTES)))
}

fn people(state: &mut State, ask: &Ask) -> Result<Answer, Rejected> {
    let people = state.world(ask.required("platform")?)?.people();
    Ok(Answer::from(json!({ "people": people })))
}

fn conversations(state: &mut State, ask: &Ask) -> Result<Answer, Rejected> {
    let world = state.world(ask.required("platform")?)?;
    Ok(Answer::from(json!(world.conversations(ask.query("as"))?)))
}

fn messages(state: &mut State, ask: &Ask) -> Result<Answer, Rejected> {
    let world = state.world(ask.required("platform")?)?;
    let conversation = ask.required("conversation")?;
    let page = world.messages(conversation, ask.number("before")?, limit(ask)?)?;
    Ok(Answer::from(json!(page)))
}

fn media(state: &mut State, ask: &Ask) -> Result<Answer, Rejected> {
    let name = ask.variable("name");
    let sides = state.sides.each().into_iter();
    let media = sides.map(Side::world).find_map(|world| world.media(name));
    let (kind, bytes) = media.ok_or_else(|| Rejected::missing("name", "there is no such file"))?;
    Ok(Answer::Media(kind, bytes))
}

fn say(state: &mut State, ask: &Ask) -> Result<Answer, Rejected> {
    let mut fields = ask.fields()?;
    let platform = fields.text("platform")?;
    let said = Say {
        from: fields.text("from")?,
        to: fields.text("to")?,
        text: fields.optional("text")?,
        message: fields.take("message").filter(|message| !message.is_null()),
        options: fields.rest(),
    };
    let said = state.world(&platform)?.say(said)?;
    Ok(Answer::Json(json!(said), said.ids))
}

fn act(state: &mut State, ask: &Ask) -> Result<Answer, Rejected> {
    let mut fields = ask.fields()?;
    let platform = fields.text("platform")?;
    let act = Act {
        who: fields.text("who")?,
        action: fields.text("action")?,
        details: fields.rest(),
    };
    Ok(Answer::from(state.world(&platform)?.act(act)?))
}

fn journal(state: &mut State, ask: &Ask) -> Result<Answer, Rejected> {
    let stretch = match (ask.number("after")?, ask.number("before")?) {
        (None, None) => Stretch::ALL,
        (Some(id), None) => Stretch::After(id),
        (None, Some(id)) => Stretch::Before(id),
        (Some(_), Some(_)) => return Err(Rejected::bad("before", "give either this or after")),
    };
    let platform = ask.query("platform");
    let entries = state.journal.page(platform, stretch, limit(ask)?);
    Ok(Answer::from(json!({ "entries": entries })))
}

fn take_note(state: &mut State, ask: &Ask) -> Result<Answer, Rejected> {
    let mut fields = ask.fields()?;
    let platform = state.world(&fields.text("platform")?)?.platform();
    let title = fields
        .choice("stage", &STAGES)?
        .ok_or_else(|| Rejected::bad("stage", "is missing"))?;
    let about = fields.take("about").map(read_id).transpose()?.flatten();
    let sent = fields.texts("sent")?.unwrap_or_default();
    if sent.len() > MOST_SENT {
        return Err(Rejected::bad(
            "sent",
            format!("may name {MOST_SENT} at most"),
        ));
    }
    let by = fields.optional("by")?.unwrap_or_default();
    let checks = fields.take("checks").map(read_checks).transpose()?;
    let took = fields.number("took_ms")?;
    if took.is_some_and(|took| took < 0.0) {
        return Err(Rejected::bad("took_ms", "must be 0 or more"));
    }
    let error = fields.optional("error")?;
    let told = [
        ("event", fields.take("event")),
        ("took_ms", took.map(Value::from)),
        ("reply", fields.take("reply")),
    ];
    fields.end()?;
    let told = told.into_iter().filter_map(|(name, value)| {
        let value = value.filter(|value| !value.is_null())?;
        Some((name.to_owned(), value))
    });
    let told = Value::Object(told.collect());
    let id = state.note(Entry {
        peer: by,
        title: title.to_owned(),
        body: journal::text(&told.to_string().into()),
        verdict: match error {
            Some(_) => Verdict::Failed,
            None => Verdict::Ok,
        },
        note: error.unwrap_or_default(),
        message: about.into_iter().chain(sent).collect(),
        checks: checks.unwrap_or_default(),
        ..Entry::new(
            platform,
            Direction::In,
            Transport::Http,
            journal::Kind::Note,
        )
    });
    Ok(Answer::Noted(json!({ "id": id })))
}

/// The id of a message; platforms write some as numbers.
fn read_id(id: Value) -> Result<Option<String>, Rejected> {
    match id {
        Value::Null => Ok(None),
        Value::String(id) => Ok(Some(id)),
        Value::Number(id) => Ok(Some(id.to_string())),
        _ => Err(Rejected::bad("about", "must be a text or a number")),
    }
}

fn read_checks(checks: Value) -> Result<Vec<Check>, Rejected> {
    let wrong = || {
        let problem = "must be a list of objects of `what`, a text, and `ok`, true or false";
        Rejected::bad("checks", problem)
    };
    let checks: Vec<Told> = serde_json::from_value(checks).map_err(|_| wrong())?;
    if checks.len() > MOST_CHECKS {
        return Err(Rejected::bad(
            "checks",
            format!("may be {MOST_CHECKS} at most"),
        ));
    }
    let checks = checks.into_iter();
    Ok(checks
        .map(|Told { what, ok }| Check { what, ok: Some(ok) })
        .collect())
}

/// Something that a bot has verified.
#[derive(Deserialize)]
struct Told {
    what: String,
    ok: bool,
}

fn transcript(state: &mut State, ask: &Ask) -> Result<Answer, Rejected> {
    let (platform, conversation) = (ask.required("platform")?, ask.required("conversation")?);
    let transcript = Transcript::of(state, platform, conversation)?;
    Ok(match ask.query("format") {
        None | Some("json") => Answer::from(transcript.json()),
        Some("text") => Answer::Text("text/markdown; charset=utf-8", transcript.text()),
        Some("test") => Answer::Text("text/x-rust; charset=utf-8", transcript.test()),
        Some(_) => return Err(Rejected::bad("format", "must be one of json, text, test")),
    })
}

fn limit(ask: &Ask) -> Result<usize, Rejected> {
    let limit = ask.number("limit")?.unwrap_or(PAGE).min(LONGEST_PAGE);
    Ok(usize::try_from(limit).unwrap_or(usize::MAX))
}

fn clock(state: &mut State, _: &Ask) -> Result<Answer, Rejected> {
    Ok(Answer::from(json!({
        "now": seconds(state.now().0),
        "offset_s": seconds(state.clock.offset_ms()),
    })))
}

fn move_clock(state: &mut State, ask: &Ask) -> Result<Answer, Rejected> {
    let mut fields = ask.fields()?;
    let (advance, set) = (fields.number("advance_s")?, fields.number("set")?);
    fields.end()?;
    let real = state.real();
    let (field, moved) = match (advance, set) {
        (Some(by), None) => ("advance_s", state.clock.advance(real, by)),
        (None, Some(to)) => ("set", state.clock.set(real, to)),
        _ => return Err(Rejected::bad("advance_s", "give either this or set")),
    };
    moved.map_err(|_| Rejected::bad(field, "leads out of the years 1970 to 9999"))?;
    for side in state.sides.each_mut() {
        side.clock_moves();
    }
    state.arrive(real);
    state.tell_state("clock");
    clock(state, ask)
}

/// Milliseconds as seconds, exact for the next 280,000 years.
#[allow(clippy::cast_precision_loss)]
fn seconds(milliseconds: i64) -> f64 {
    milliseconds as f64 / 1000.0
}

fn faults(state: &mut State, _: &Ask) -> Result<Answer, Rejected> {
    let now = state.now();
    Ok(Answer::from(json!({ "faults": state.faults.list(now) })))
}

fn add_fault(state: &mut State, ask: &Ask) -> Result<Answer, Rejected> {
    let fault = read_fault(state, ask)?;
    let now = state.now();
    let platform = fault.platform;
    let kind = fault.kind;
    let lasting = fault.count.is_some() || fault.lasts.is_some();
    let id = state.faults.add(fault, now).ok_or_else(|| Rejected {
        status: 429,
        ..Rejected::bad("kind", format!("there are {} faults already", Faults::MOST))
    })?;
    let side = state.sides.of(platform)?;
    let once = match kind {
        Kind::Disconnect => {
            side.disconnect();
            !lasting
        }
        Kind::Cut => {
            side.cut();
            true
        }
        Kind::Farewell => {
            for entry in side.bid_farewell() {
                state.note(entry);
            }
            true
        }
        _ => false,
    };
    if once {
        state.faults.remove(Some(id));
    }
    state.tell_state("fault");
    Ok(Answer::from(json!({ "id": id })))
}

fn read_fault(state: &mut State, ask: &Ask) -> Result<Fault, Rejected> {
    let mut fields = ask.fields()?;
    let platform = state.world(&fields.text("platform")?)?.platform();
    let kind = fields
        .choice("kind", &Kind::ALL)?
        .ok_or_else(|| Rejected::bad("kind", "is missing"))?;
    let place = fields.choice("where", &Place::ALL)?.unwrap_or_default();
    let ms = fields.count("ms")?;
    let count = fields.count("count")?;
    let lasts = fields.number("for_s")?;
    fields.end()?;
    let known = platforms::find(platform).is_some_and(|it| it.faults.contains(&kind));
    if kind.is_special() && !known {
        let problem = format!("there is no such fault in the world of {platform}");
        return Err(Rejected::bad("kind", problem));
    }
    if !kind.fits(place) {
        return Err(Rejected::bad("where", "this cannot happen there"));
    }
    for (field, given) in [("count", count.is_some()), ("for_s", lasts.is_some())] {
        if kind.is_momentary() && given {
            return Err(Rejected::bad(field, "is not for what happens at once"));
        }
    }
    if count == Some(0) {
        return Err(Rejected::bad("count", "must be at least 1"));
    }
    let delay = match (kind, ms) {
        (Kind::Delay, Some(1..=LONGEST_DELAY_MS)) => Duration::from_millis(ms.unwrap_or_default()),
        (Kind::Delay, _) => {
            let limits = format!("must be between 1 and {LONGEST_DELAY_MS}");
            return Err(Rejected::bad("ms", limits));
        }
        (_, Some(_)) => return Err(Rejected::bad("ms", "is for delay only")),
        (_, None) => Duration::ZERO,
    };
    Ok(Fault {
        platform,
        kind,
        place,
        delay,
        count,
        lasts: lasts.map(fault_time).transpose()?,
    })
}

fn fault_time(seconds: f64) -> Result<Duration, Rejected> {
    if seconds > 0.0 && seconds <= LONGEST_FAULT_S {
        Ok(Duration::from_secs_f64(seconds))
    } else {
        let limits = format!("must be more than 0 and at most {LONGEST_FAULT_S}");
        Err(Rejected::bad("for_s", limits))
    }
}

fn remove_faults(state: &mut State, ask: &Ask) -> Result<Answer, Rejected> {
    let id = ask.number("id")?;
    let removed = state.faults.remove(id);
    if id.is_some() && removed == 0 {
        return Err(Rejected::missing("id", "there is no such fault"));
    }
    state.tell_state("fault");
    Ok(Answer::from(json!({ "removed": removed })))
}

fn reset(state: &mut State, _: &Ask) -> Result<Answer, Rejected> {
    state.faults.remove(None);
    state.journal.clear();
    state.clock = crate::clock::Clock::default();
    for side in state.sides.each_mut() {
        side.reset();
    }
    state.arrive(state.real());
    state.tell_state("reset");
    Ok(Answer::from(json!({ "ok": true })))
}

fn snapshot(state: &mut State, _: &Ask) -> Result<Answer, Rejected> {
    Ok(Answer::from(state.snapshot()))
}

fn restore(state: &mut State, ask: &Ask) -> Result<Answer, Rejected> {
    let mut fields = ask.fields()?;
    let offset = fields.take("offset_ms").and_then(|offset| offset.as_i64());
    let offset = offset.ok_or_else(|| Rejected::bad("offset_ms", "must be a whole number"))?;
    let Some(Value::Object(worlds)) = fields.take("worlds") else {
        return Err(Rejected::bad("worlds", "must be an object"));
    };
    fields.end()?;
    let mut clock = state.clock;
    let real = state.real();
    clock
        .set_offset(real, offset)
        .map_err(|_| Rejected::bad("offset_ms", "leads out of the years 1970 to 9999"))?;
    restore_worlds(state, worlds)?;
    state.clock = clock;
    state.arrive(real);
    state.tell_state("reset");
    Ok(Answer::from(json!({ "ok": true })))
}

/// All of them or none.
fn restore_worlds(state: &mut State, mut given: Map<String, Value>) -> Result<(), Rejected> {
    let mut done: Vec<(&mut dyn World, Value)> = Vec::new();
    for side in state.sides.each_mut() {
        let world = side.world_mut();
        let before = world.snapshot();
        let snapshot = given.remove(world.platform());
        let restored = match snapshot {
            Some(snapshot) => world.resume(snapshot),
            None => Err(Rejected::bad(
                "worlds",
                format!("{} is missing", world.platform()),
            )),
        };
        if let Err(rejected) = restored {
            for (world, before) in done {
                // It was taken from this world a moment ago.
                let _ = world.restore(before);
            }
            return Err(rejected);
        }
        done.push((world, before));
    }
    Ok(())
}

fn cover(_: &mut State, _: &Ask) -> Result<Answer, Rejected> {
    Ok(Answer::from(coverage::report()))
}

fn describe_platform(_: &mut State, ask: &Ask) -> Result<Answer, Rejected> {
    let platform = platforms::find(ask.variable("platform")).ok_or_else(platforms::unknown)?;
    Ok(Answer::from(platform.coverage.openapi()))
}

fn delivery(state: &mut State, ask: &Ask) -> Result<Answer, Rejected> {
    let side = state.sides.of(ask.variable("platform"))?;
    Ok(Answer::from(side.delivery()))
}

fn change_delivery(state: &mut State, ask: &Ask) -> Result<Answer, Rejected> {
    let side = state.sides.of(ask.variable("platform"))?;
    let errand = side.change_delivery(ask.fields()?)?;
    let shown = side.delivery();
    Ok(match errand {
        Some(errand) => Answer::After(errand, shown),
        None => Answer::from(shown),
    })
}
