#include "verify/formats/events.hpp"

#include <algorithm>

namespace cacherace::verify::formats {
namespace {

using Kind = Form::Kind;

bool is_pair(const Form& form) {
  return form.kind == Kind::list && form.items.size() == 2;
}

}  // namespace

bool Events::wrong(const Form& form, std::string message) {
  const bool there = form.kind != Kind::missing;  // else it may stand where an earlier one stood
  faults_.add(there ? form.line : event_->line, there ? form.column : event_->column, std::move(message));
  return false;
}

bool Events::read_type(Type& type) {
  const Form& form = event_->type;
  if (form.text == ":invoke") {
    type = Type::invoke;
  } else if (form.text == ":ok") {
    type = Type::ok;
  } else if (form.text == ":fail") {
    type = Type::fail;
  } else if (form.text == ":info") {
    type = Type::info;
  } else {
    return wrong(form, ":type is " + shown(form) + "; expected :invoke, :ok, :fail or :info");
  }
  return true;
}

bool Events::read_kind(OperationKind& kind) {
  const Form& form = event_->f;
  const bool of_text = meaning_.object == Object::text;
  const auto is = [&form](std::string_view name) { return form.kind == Kind::word && form.text == name; };
  if (is(of_text ? ":get" : ":read")) {
    kind = OperationKind::read;
  } else if (is(of_text ? ":put" : ":write")) {
    kind = OperationKind::write;
  } else if (is(of_text ? ":append" : ":cas")) {
    kind = of_text ? OperationKind::append : OperationKind::cas;
  } else {
    const bool other = is(":read") || is(":write") || is(":cas") || is(":get") || is(":put") || is(":append");
    std::string message = ":f is " + shown(form) + "; expected ";
    message += of_text ? ":get, :put or :append" : ":read, :write or :cas";
    if (other) message += of_text ? " (or --input-format edn)" : " (or --input-format porcupine)";
    return wrong(form, std::move(message));
  }
  return true;
}

bool Events::read_index() {
  const Form& form = event_->index;
  if (form.kind == Kind::missing) return true;
  if (form.kind != Kind::number) return wrong(form, ":index is " + shown(form) + "; expected a whole number");
  if (last_index_ && form.number <= *last_index_) {
    return wrong(form, ":index " + form.text + " stands behind :index " + std::to_string(*last_index_) +
                           "; expected them to rise");
  }
  last_index_ = form.number;
  return true;
}

bool Events::read_time() {
  const Form& form = event_->time;
  const bool timed = form.kind != Kind::missing;
  if (timed && (form.kind != Kind::number || form.number < 0 || form.number >= time_bound)) {
    return wrong(form, ":time is " + shown(form) + "; expected ns, a whole number from 0 to 2^62 - 1");
  }
  if (!timed && meaning_.order == Order::time) {
    return wrong(form, "no :time; expected one, since the order is that of the times");
  }
  if (timed_ && *timed_ != timed) {
    return wrong(form, timed ? "a :time, though events before it have none; expected all or none"
                             : "no :time, though events before it have one; expected all or none");
  }
  timed_ = timed;
  draft_.history().timed = timed;
  time_ = timed ? form.number : 0;
  return true;
}

bool Events::value_of(const Form& form, Value& value) {
  switch (form.kind) {
    case Kind::nothing:
      value = History::nothing;
      return true;
    case Kind::number:
      value = meaning_.object == Object::text ? draft_.word(form.text) : draft_.number(form.number);
      return true;
    case Kind::large:
    case Kind::word:
      value = draft_.word(form.text);
      return true;
    case Kind::text:
      value = draft_.text(form.text);
      return true;
    case Kind::missing:
    case Kind::list:
    case Kind::other:
      break;
  }
  return wrong(form, ":value is " + shown(form) + "; expected a number, a text, a keyword or nil");
}

bool Events::key_name(const Form& form, std::string& name) {
  if (form.kind == Kind::missing || form.kind == Kind::nothing || form.kind == Kind::list ||
      form.kind == Kind::other) {
    return wrong(form, "a key is " + shown(form) + "; expected a number, a text or a keyword");
  }
  name = form.text;
  return true;
}

const Form& Events::bare(OperationKind kind) const {
  const Form& value = event_->value;
  if (!is_pair(value) || !independent_.value_or(false)) return value;
  return kind != OperationKind::cas || is_pair(value.items[1]) ? value.items[1] : value;
}

bool Events::written(OperationKind kind, const Form& value, Operation& operation) {
  if (kind == OperationKind::cas) {
    if (!is_pair(value)) return wrong(value, ":value is " + shown(value) + "; expected [from to]");
    if (!value_of(value.items[0], operation.from) || !value_of(value.items[1], operation.value)) {
      return false;
    }
    if (operation.from == History::nothing && meaning_.nil_reads != NilRead::absent) {
      if (meaning_.nil_reads == NilRead::wildcard) {
        return wrong(value, "a cas from nil, where nil says nothing; --nil-reads absent or initial");
      }
      operation.from = draft_.history().initial;
    }
  } else if (!value_of(value, operation.value)) {
    return false;
  }
  return operation.value != History::nothing || wrong(value, "nil is written; expected a value");
}

bool Events::invoke(OperationKind kind, ClientIndex client) {
  if (open_[client] != none) {
    return wrong(event_->process, "process " + draft_.history().clients[client] +
                                      " invokes an operation while that of line " +
                                      std::to_string(draft_.line_of(open_[client])) +
                                      " has no outcome; expected one at a time");
  }
  const Form& value = event_->value;
  const bool keyed = event_->key.kind != Kind::missing;
  const bool independent =
      !keyed && is_pair(value) && (kind != OperationKind::cas || is_pair(value.items[1]));
  if (independent_ && *independent_ != independent && !keyed) {
    return wrong(value, independent
                            ? ":value is [key value], though values before it have no key"
                            : ":value is " + shown(value) + ", though values before it are [key value]");
  }
  if (!keyed) independent_ = independent;
  std::string name;
  if ((keyed && !key_name(event_->key, name)) || (independent && !key_name(value.items[0], name))) {
    return false;
  }
  Operation operation;
  operation.kind = kind;
  operation.outcome = Outcome::unknown;
  operation.start = meaning_.order == Order::time ? time_ : place_;
  operation.value = History::nothing;
  operation.client = client;
  if (kind != OperationKind::read && !written(kind, bare(kind), operation)) return false;
  operation.key = draft_.key(name);
  open_[client] = static_cast<OperationIndex>(draft_.history().operations.size());
  draft_.add(operation, event_->line);
  if (*timed_ && meaning_.order == Order::index) draft_.add_clock({time_, never});
  return true;
}

bool Events::complete(Type type, OperationKind kind, ClientIndex client) {
  if (open_[client] == none) {
    return wrong(event_->process, "process " + draft_.history().clients[client] +
                                      " has no open operation; expected its :invoke before");
  }
  const OperationIndex at = open_[client];
  Operation& operation = draft_.history().operations[at];
  if (operation.kind != kind) {
    return wrong(event_->f, ":f is " + shown(event_->f) + ", another than that of its :invoke on line " +
                                std::to_string(draft_.line_of(at)));
  }
  open_[client] = none;
  if (type == Type::info) return true;
  const bool ok = type == Type::ok;
  Operation changed = operation;
  changed.outcome = ok ? Outcome::ok : Outcome::fail;
  changed.end = meaning_.order == Order::time ? time_ : place_;
  if (changed.end < changed.start) {
    return wrong(event_->time,
                 ":time lies before that of its :invoke on line " + std::to_string(draft_.line_of(at)));
  }
  const Form& value = bare(kind);
  if (ok && kind == OperationKind::read && !value_of(value, changed.value)) return false;
  // Some logs say only here what was written in the end.
  const bool says = value.kind != Kind::missing && value.kind != Kind::nothing;
  if (ok && kind != OperationKind::read && says && !written(kind, value, changed)) return false;
  operation = changed;
  if (!draft_.history().clock.empty()) {
    auto& span = draft_.history().clock[at];
    span.end = std::max(time_, span.start);
  }
  return true;
}

void Events::take(const LogEvent& event) {
  event_ = &event;
  const bool is_client = event.process.kind == Kind::number || event.process.kind == Kind::text;
  if (!is_client) {
    if (event.process.kind != Kind::word) {
      wrong(event.process, ":process is " + shown(event.process) + "; expected a number");
    } else {
      read_index();
    }
    return;
  }
  Type type{};
  OperationKind kind{};
  if (!read_type(type) || !read_kind(kind) || !read_index() || !read_time()) return;
  ++place_;
  const ClientIndex client = event.process.kind == Kind::number ? draft_.client(event.process.number)
                                                                : draft_.client(event.process.text);
  if (client >= open_.size()) open_.resize(client + std::size_t{1}, none);
  if (type == Type::invoke) {
    invoke(kind, client);
  } else {
    complete(type, kind, client);
  }
}

}  // namespace cacherace::verify::formats
