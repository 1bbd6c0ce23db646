// What a strategy asks of its client: each call as the commands that it sends.
#include <algorithm>

#include "models/client.hpp"
#include "models/client_pin.hpp"
#include "models/delays.hpp"
#include "models/roles.hpp"

namespace cacherace::models {

// Sends it, if there is anything left to do.
Client::Answer Client::ask(Request& request) {
  if (!ready()) return {};
  request.source_outdated = source_outdated_;
  return send(request);
}

std::optional<Row> Client::get(Key key) {
  return look_up(key, false);
}

std::optional<Row> Client::get_tracked(Key key) {
  return look_up(key, true);
}

std::optional<Row> Client::look_up(Key key, bool tracked) {
  Request get = request(Command::get, key);
  get.tracked = tracked;
  const Answer answer = ask(get);
  return answer.acknowledged ? answer.reply.row : std::nullopt;
}

bool Client::wait(sim::Duration patience) {
  Request wait = request(Command::wait, occupation_.key);
  wait.ttl = patience;
  const Answer answer = ask(wait);
  return answer.acknowledged && answer.reply.done;
}

// Without negative caching there is nothing to store where there is no row: the command is not sent.
bool Client::is_not_cached(Key key, const Row& row) const {
  const Setup& setup = servers_.setup();
  return setup.keys.is_absence(key, row) && !setup.redis.negative_ttl;
}

bool Client::set(Key key, Row row, SetOptions options) {
  if (is_not_cached(key, row)) return false;
  Request set = request(Command::set, key);
  set.row = row;
  set.options = options;
  const Answer answer = ask(set);
  return answer.acknowledged && answer.reply.done;
}

bool Client::del(Key key, std::optional<Slot> also) {
  Request del = request(Command::del, key);
  del.slot = also;
  return ask(del).acknowledged;
}

bool Client::take(Key key, Slot slot, Token token, sim::Duration ttl) {
  Request take = request(Command::set, key);
  take.slot = slot;
  take.token = token;
  take.ttl = ttl;
  const Answer answer = ask(take);
  return answer.acknowledged && answer.reply.done;
}

// A fill of nothing is not sent. One who holds a guard has done what there is to do; the guard that the fill
// would give back stays until it expires.
ScriptReply Client::eval(const Script& script, Key key, const ScriptArguments& sent) {
  if (script.fills && is_not_cached(key, sent.row)) return {.done = sent.token != Token{0}};
  Request eval = request(Command::script, key);
  eval.script = &script;
  eval.row = sent.row;
  eval.token = sent.token;
  eval.ttl = sent.ttl;
  const Answer answer = ask(eval);
  if (!answer.acknowledged) return {};
  return {.done = answer.reply.done, .busy = answer.reply.busy, .row = answer.reply.row};
}

// Sends a statement to MySQL. One that fails inside a transaction leaves it to be rolled back.
Client::Answer Client::state(Request& request) {
  if (transaction_ == Transaction::failed || transaction_ == Transaction::gone) {
    return {.surely_not_done = true};
  }
  request.begins = transaction_ == Transaction::to_begin;
  if (request.begins) transaction_ = Transaction::open;
  const Answer answer = send(request);
  if (transaction_ == Transaction::open && !answer.acknowledged) {
    const bool undone = (answer.reply.error && !answer.reply.still_open) || !answer.surely_not_done;
    transaction_ = undone ? Transaction::gone : Transaction::failed;
  }
  return answer;
}

std::optional<Row> Client::select(Key key, RowLock lock, ReadsFrom from) {
  if (!ready()) return std::nullopt;
  Request select = request(Command::select, key);
  select.lock = lock;
  select.from_replica = servers_.setup().mysql.read_from == ReadFrom::replica && lock == RowLock::none &&
                        from == ReadsFrom::as_configured && transaction_ == Transaction::none;
  if (select.from_replica) select.replica = choose_replica();
  const Answer answer = state(select);
  if (!answer.acknowledged) return std::nullopt;
  source_outdated_ = answer.reply.outdated;
  return answer.reply.row;
}

std::optional<Row> Client::update(Key key, WriteId value) {
  if (!ready()) return std::nullopt;
  Request update = request(Command::update, key);
  update.row.value = value;
  const WriteState before = write_state_;
  const Answer answer = state(update);
  if (answer.acknowledged) {
    if (transaction_ == Transaction::none) write_state_ = WriteState::committed;
    changed_ = true;
    return answer.reply.row;
  }
  if (answer.surely_not_done) write_state_ = before == WriteState::not_sent ? WriteState::failed : before;
  return std::nullopt;
}

void Client::begin() {
  transaction_ = Transaction::to_begin;
  ++transactions_;
  changed_ = false;
}

bool Client::commit() {
  if (transaction_ == Transaction::to_begin) transaction_ = Transaction::none;
  if (transaction_ == Transaction::none) return true;
  if (!ready()) return false;
  Request commit = request(Command::commit, occupation_.key);
  const Answer answer = state(commit);
  if (answer.acknowledged || (!answer.surely_not_done && alive())) transaction_ = Transaction::none;
  if (!changed_) return answer.acknowledged;
  if (answer.acknowledged) write_state_ = WriteState::committed;
  if (answer.surely_not_done) write_state_ = WriteState::failed;
  return answer.acknowledged;
}

void Client::rollback() {
  const bool is_known_to_server = transaction_ == Transaction::open || transaction_ == Transaction::failed;
  if (is_known_to_server && ready()) {
    Request rollback = request(Command::rollback, occupation_.key);
    transaction_ = Transaction::open;
    send(rollback);
  }
  if (alive()) hang_up();
}

// The connection is given back, or lost: whatever is open on it is undone.
void Client::hang_up() {
  if (transaction_ == Transaction::none) return;
  if (!servers_.world().stopping()) servers_.disconnect(connection_);
  transaction_ = Transaction::none;
}

void Client::sleep(sim::Duration duration) {
  if (alive()) stand_still(duration, Fact::slept);
}

void Client::start_over(sim::Duration pause, std::uint32_t place) {
  tell(Fact::started_over, occupation_.key, place | known());
  if (pause == sim::Duration{0}) return;
  sleep(pause);
  if (alive()) tell(Fact::started_over, occupation_.key, place | known());
}

// What the client itself still knows of the operation where the strategy's code has forgotten all: who looks
// at the record must not take two of these for the same. Places of the code lie below.
std::uint32_t Client::known() const {
  return (acknowledged_ ? 1U : 0U) << 16U | (changed_ ? 1U : 0U) << 17U |
         static_cast<std::uint32_t>(write_state_) << 18U | static_cast<std::uint32_t>(transaction_) << 20U;
}

void Client::acknowledge() {
  acknowledged_ = true;
}

void Client::enqueue(Key key, sim::Duration delay) {
  if (!alive()) return;
  servers_.world().settle();
  servers_.queue().publish({key, {.value = occupation_.serves}}, delay);
}

void Client::enter(Key key) {
  if (!alive()) return;
  servers_.world().settle();
  if (!servers_.owners().enter(connection_, key)) {
    tell(Fact::awaits_owner, key);
    servers_.owners().wait(connection_);
  }
  if (alive()) tell(Fact::entered, key);
}

void Client::leave(Key key) {
  if (!alive()) return;
  servers_.world().settle();
  tell(Fact::left, key);
  servers_.owners().leave(connection_);
}

void Client::pin(Key key, sim::Duration duration) {
  if (!alive()) return;
  servers_.world().settle();
  auto& pins = life_->pins;
  auto found = std::ranges::find(pins, key, &Pin::key);
  if (found == pins.end()) {
    pins.push_back(std::make_unique<Pin>(owner_ == nullptr ? *this : *owner_, key));
    found = pins.end() - 1;
  }
  (*found)->begin(duration);
  tell(Fact::pinned, key);
}

bool Client::is_pinned(Key key) {
  return std::ranges::any_of(life_->pins, [&](const auto& pin) { return pin->key() == key && pin->is_on(); });
}

// To look at its own copy is a step like a command, that takes no time.
std::optional<Row> Client::copy(Key key) {
  if (!ready()) return std::nullopt;
  if (servers_.world().is_chosen() && !pass({}, sim::Part::effect)) return std::nullopt;
  const auto row = servers_.tracking().copy(number_, key);
  if (servers_.recorder().detailed()) {
    Request look = request(Command::get, key);
    look.row = row.value_or(Row{});
    note_always(look, Fact::local_looked_up);
    servers_.recorder().last().missing = !row;
  }
  return row;
}

void Client::expect_copy(Key key) {
  if (!alive()) return;
  servers_.tracking().expect(number_, key);
  tell(Fact::local_begun, key);
}

void Client::keep_copy(Key key, Row row, bool if_undisturbed) {
  if (!alive() || !servers_.tracking().keep(number_, key, row, if_undisturbed)) return;
  if (!servers_.recorder().detailed()) return;
  Request kept = request(Command::get, key);
  kept.row = row;
  note_always(kept, Fact::local_set);
}

void Client::tell(Fact fact, Key key, std::uint32_t number) {
  if (!servers_.recorder().detailed()) return;
  note_always(request(Command::get, key), fact);
  servers_.recorder().last().number = number;
}

void Client::background(BackgroundWork work) {
  if (!alive()) return;
  Client& helper = borrow_background();
  helper.occupy(occupation_);
  Client* const owner = this;
  const auto run = [owner, &helper, work]() mutable {
    work(helper.session_);
    helper.finish();
    owner->background_idle_.push_back(&helper);
  };
  servers_.world().settle();
  tell(Fact::forked, occupation_.key);
  servers_.world().spawn({}, run, sim::Part::rest, tag_of(Actor::background, number_, life_->backgrounds++));
}

Client& Client::borrow_background() {
  if (background_idle_.empty()) {
    background_.push_back(std::unique_ptr<Client>(new Client(*this)));
    background_idle_.push_back(background_.back().get());
  }
  Client* const helper = background_idle_.back();
  background_idle_.pop_back();
  return *helper;
}

}  // namespace cacherace::models
