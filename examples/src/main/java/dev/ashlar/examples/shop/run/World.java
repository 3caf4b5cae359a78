package dev.ashlar.examples.shop.run;

import dev.ashlar.core.TimeSource;
import dev.ashlar.examples.shop.fault.FaultLog;
import dev.ashlar.examples.shop.fault.Schedule;
import dev.ashlar.examples.shop.log.RunLogs;
import java.nio.file.Path;

/**
 * What all services of a run have in common.
 *
 * @param folder has the database files
 * @param schedule the faults
 * @param scheduleText the same, as it is written down
 * @param log is told each fault
 * @param logs what the services log to
 * @param addresses where services answer that are asked by requests
 */
record World(
    Path folder,
    Schedule schedule,
    String scheduleText,
    FaultLog log,
    RunLogs logs,
    Addresses addresses,
    TimeSource time) {}
