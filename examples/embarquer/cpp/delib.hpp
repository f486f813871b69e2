/*
 * libdelib for C++17: each handle released by its owner, a refusal thrown. To be copied into a project and completed;
 * what is not wrapped is called as delib.h and delib_io.h say, on get().
 */
#ifndef DELIB_HPP
#define DELIB_HPP

#include <delib_io.h>

#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

namespace delib {

/* The status that was not DELIB_OK, and in what() the sentence of the library, in French, when there is one. */
class error : public std::runtime_error {
public:
    error(delib_status code, const std::string &why) : std::runtime_error(why), status(code) {}
    const delib_status status;
};

inline void check(delib_status status, const char *why = "")
{
    if (status != DELIB_OK)
        throw error(status, *why ? why : "status " + std::to_string(status));
}

template <auto release> struct releases {
    template <typename T> void operator()(T *handle) const { release(handle); }
};
template <typename T, auto release> using owned = std::unique_ptr<T, releases<release>>;

using engine = owned<delib_engine, delib_engine_free>;
using program = owned<delib_program, delib_program_release>;     /* delib_program_retain() for another owner */
using session = owned<delib_session, delib_session_free>;
using demande = owned<delib_io_demande, delib_io_demande_free>;
using json = owned<delib_io_json, delib_io_json_free>;

/* A function whose last argument receives a new handle, and what must be said when it refuses. */
template <typename Owned, typename Function, typename... Arguments>
delib_status make(Owned &out, Function function, Arguments... arguments)
{
    typename Owned::pointer made = nullptr;
    const delib_status status = function(arguments..., &made);
    out.reset(made);
    return status;
}

/* Compiled, or the diagnostics of the text thrown, as the program `delib` prints them. */
inline program compile(std::string_view text, const std::string &name)
{
    const delib_source source = {name.c_str(), text.data(), text.size()};
    engine limits;
    program out;
    std::string faults;
    delib_diagnostic fault;

    check(make(limits, delib_engine_new, nullptr));
    const delib_status status = make(out, delib_compile, limits.get(), &source, nullptr, nullptr);
    for (size_t i = 0; status == DELIB_INVALID && delib_program_diagnostic(out.get(), i, &fault) == DELIB_OK; i++)
        if (fault.is_error)
            faults += fault.printed;
    check(status, faults.c_str());
    return out;
}

} // namespace delib

#endif
