#include "sim/compartments.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace respine {
namespace {

TEST(Compartments, WhatFlowsStaysInTheSystemAndWhatLeavesIsGone) {
    CompartmentSystem s;
    const size_t a = s.add(), b = s.add(), c = s.add();
    s.flow(a, b, 2.0);
    s.flow(b, a, 0.5);
    s.flow(b, c, 1.0);
    s.build();
    s.give(a, 10.0);
    for (double hours : {0.01, 0.3, 2.0}) {
        s.advance(hours);
        EXPECT_NEAR(s.amount(a) + s.amount(b) + s.amount(c), 10.0, 1e-12) << hours;
    }
    EXPECT_NEAR(s.after(1000.0)[c], 10.0, 1e-9);

    CompartmentSystem open;
    const size_t only = open.add();
    open.leave(only, 0.7);
    open.build();
    open.give(only, 3.0);
    open.advance(1.5);
    EXPECT_NEAR(open.amount(only), 3.0 * std::exp(-0.7 * 1.5), 1e-13);
}

TEST(Compartments, WhatDrivesKeepsItsAmount) {  // dy/dt = 4 x, x stays
    CompartmentSystem s;
    const size_t x = s.add(), y = s.add();
    s.drive(x, y, 4.0);
    s.build();
    s.give(x, 2.0);
    s.advance(0.25);
    EXPECT_EQ(s.amount(x), 2.0);
    EXPECT_NEAR(s.amount(y), 2.0, 1e-14);
}

TEST(Compartments, FlowsBetweenTheSameStatesAddUp) {
    CompartmentSystem s;
    const size_t a = s.add(), b = s.add();
    s.flow(a, b, 1.0);
    s.flow(a, b, 2.0);
    s.build();
    s.give(a, 1.0);
    s.advance(0.5);
    EXPECT_NEAR(s.amount(a), std::exp(-1.5), 1e-14);
    EXPECT_NEAR(s.amount(b), 1.0 - std::exp(-1.5), 1e-14);
}

}  // namespace
}  // namespace respine
