// A wall clock that can be set for single processes, while they run: a library for LD_PRELOAD.
//
// The variable FAKE_CLOCK names a file of eight bytes, the seconds by which the time of day is off, as the
// machine writes integers. It is looked at whenever the process asks for the time of day. Nothing else is faked: timers,
// sleeps, elapsed time and the times of files stay as they are, as when somebody sets the machine's clock.
//
// libfaketime does more, and too much: it moves the absolute times of timerfd_settime, also those of clocks that it
// leaves alone, so that a program whose clock it sets back sleeps that much longer.

#ifndef FAKE_CLOCK_H
#define FAKE_CLOCK_H

#define FAKE_CLOCK_VARIABLE "FAKE_CLOCK"

#endif
