// The readers, one a format, in a file of its own each.
#pragma once

#include <string_view>

#include "verify/formats/bytes.hpp"
#include "verify/formats/drafts.hpp"
#include "verify/formats/reader.hpp"

namespace cacherace::verify::formats {

// What a reader reads, and where it puts what it finds.
struct Source {
  Bytes& bytes;
  const ReadOptions& options;
  const Meaning& meaning;
  Reading& reading;

  Source(Bytes& from, const ReadOptions& how, const Meaning& meant, Reading& into)
      : bytes(from), options(how), meaning(meant), reading(into) {}

  // Tells how far it is; cheap enough for every line. `draft`: where all operations so far went, if into one.
  void see(Draft* draft) {
    constexpr std::uint64_t every = 4096;
    if (++calls_ % every == 0) tell(draft);
  }

 private:
  void tell(Draft* draft);

  std::uint64_t calls_ = 0;
};

void read_json_lines(Source& source);
void read_csv(Source& source);
void read_edn(Source& source);  // and Porcupine's: the same forms, other operations
void read_jepsen_log(Source& source);

// The format of what begins like this; nothing where it is none of ours.
std::optional<Format> recognised(std::string_view head);

}  // namespace cacherace::verify::formats
