/*
 * Families in a pool of threads, one program for all of them: a demande a line, an object of `delib calculer --json` a
 * line. Each family has a session of its own; nothing else is shared, nothing is locked.
 *   c++ -std=c++17 familles.cpp $(pkg-config --cflags --libs delib-io delib) -pthread -o familles
 *   ./familles cantine.delib.md demandes.ndjson
 */
#include "delib.hpp"

#include <atomic>
#include <fstream>
#include <iostream>
#include <iterator>
#include <thread>
#include <vector>

static const char *first_fault(const delib_io_demande *demande)
{
    delib_diagnostic fault;

    return delib_io_demande_diagnostic(demande, 0, &fault) == DELIB_OK ? fault.printed : "";
}

static std::string evaluate(delib_program *program, const std::string &line)
{
    delib_session_options options = DELIB_SESSION_OPTIONS_INIT;
    delib::demande demande;
    delib::session session;
    delib::json json;
    delib_result result;
    const char *text;

    delib_status status =
        delib::make(demande, delib_io_demande_read, "demande", line.data(), line.size(), DELIB_IO_JSON);
    delib::check(status, first_fault(demande.get()));
    options.date = delib_io_demande_date(demande.get());
    options.today = delib_io_demande_aujourd_hui(demande.get());
    options.ask_sources = 0;                    /* what the portal knows is all there is */
    delib::check(delib::make(session, delib_session_new, program, &options));
    status = delib_io_demande_apply(demande.get(), session.get());
    delib::check(status, first_fault(demande.get()));
    const delib_tariff tariff = delib_program_tariff(program, delib_io_demande_tarif(demande.get()));
    delib::check(delib_evaluate(session.get(), tariff, &result), "no such tariff");
    delib::check(delib::make(json, delib_io_json_new));
    delib_io_json_object(json.get(), nullptr);
    delib_io_json_result(json.get(), session.get(), &result);
    delib_io_json_end(json.get());
    delib::check(delib_io_json_finish(json.get(), 0, &text, nullptr));
    return text;
}

static void run(delib_program *program, const std::vector<std::string> &lines)
{
    std::vector<std::string> said(lines.size());
    std::vector<std::thread> pool(4);
    std::atomic<size_t> next{0};

    for (std::thread &thread : pool)
        thread = std::thread([&] {
            for (size_t i = next++; i < lines.size(); i = next++)
                try {
                    said[i] = evaluate(program, lines[i]);
                } catch (const delib::error &refused) {
                    said[i] = refused.what();
                }
        });
    for (std::thread &thread : pool)
        thread.join();
    for (const std::string &line : said)
        std::cout << line << '\n';
}

int main(int argc, char **argv)
{
    if (argc != 3) {
        std::cerr << "usage: familles FILE DEMANDES\n";
        return 2;
    }
    std::ifstream act(argv[1], std::ios::binary), demandes(argv[2]);
    const std::string text{std::istreambuf_iterator<char>(act), {}};
    std::vector<std::string> lines;

    for (std::string line; std::getline(demandes, line);)
        lines.push_back(line);
    try {
        run(delib::compile(text, argv[1]).get(), lines);
    } catch (const delib::error &refused) {
        std::cerr << refused.what();
        return 1;
    }
    return 0;
}
