// Doses, routes and metabolites in a body, against closed forms and areas.

#include "sim/pharmacology.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace respine {
namespace {

constexpr double kMolarMass = 250.0, kMg = 50.0, kUmol = kMg / kMolarMass * 1000.0;
constexpr double kVolume = 20.0, kClearance = 5.0, kRate = kClearance / kVolume;
constexpr double kVenousHalfTime = 0.3, kBrainHalfTime = 0.05, kPartition = 0.4;

Pharmacokinetics& human(Drug& drug) { return drug.species["human"]; }

// One compartment and every route.
Drug example(const std::string& name = "a") {
    Drug drug;
    drug.name = name;
    drug.molar_mass = kMolarMass;
    Pharmacokinetics& k = human(drug);
    k.volumes = {kVolume};
    k.clearance = kClearance;
    k.venous_half_time = kVenousHalfTime;
    k.brain_half_time = kBrainHalfTime;
    k.brain_partition = kPartition;
    k.routes = {{Route::kIv, {}}, {Route::kOral, {1.2, 0.3, 0.5}}, {Route::kIm, {4.0, 0.9, 0.0}}};
    k.nasal = NasalRoute{3.0, 25.0, 0.25, 0.5, 0.6, 0.5, 1.5, 0.2};
    return drug;
}

Drug with_metabolite(Drug drug, double fraction, size_t index, double transit = 0.4, u32 stages = 2) {
    human(drug).metabolites.push_back({"", fraction, transit, stages, index});
    return drug;
}

Treatment dose(Route route, double hours = 0.0, double over = 0.0) {
    Treatment t;
    t.route = route;
    t.dose = kMg;
    t.per_kg = false;
    t.at = {static_cast<Tick>(hours * kHour)};
    t.over = static_cast<Tick>(over * kHour);
    return t;
}

// A body that gets the first of the drugs by every treatment.
class Body {
public:
    Body(std::vector<Drug> drugs, const std::vector<Treatment>& treatments, BodyFactors factors = {})
        : pharmacology_(scenario(treatments), model(), factors, std::move(drugs),
                        std::vector<size_t>(treatments.size(), 0)) {}

    // Up to this time, in steps that end where a dose starts or stops.
    Body& to(double hours) {
        const Tick end = static_cast<Tick>(std::llround(hours * kHour));
        for (pharmacology_.apply_events(now_); now_ < end; pharmacology_.apply_events(now_)) {
            Tick next = end;
            for (Tick t : pharmacology_.event_ticks())
                if (t > now_) next = std::min(next, t);
            pharmacology_.advance(in_hours(next - now_), (now_ + next) / 2);
            now_ = next;
        }
        return *this;
    }

    double plasma(size_t d = 0) const { return pharmacology_.levels(d).plasma / kMolarMass; }  // [uM]
    double venous(size_t d = 0) const { return pharmacology_.levels(d).venous / kMolarMass; }
    double brain(size_t d = 0) const { return pharmacology_.levels(d).brain; }

    // Area under the plasma level, times a power of time, by the trapezoid rule over 36 s [uM h].
    double area(double hours, size_t d = 0, double power = 0.0) {
        double sum = 0.0;
        const auto value = [&](double t) { return to(t).plasma(d) * std::pow(t, power); };
        for (double t = 0.0, step = 0.01; t < hours - 1e-9; t += step) {
            const double before = value(t);
            sum += 0.5 * step * (before + value(t + step));
        }
        return sum;
    }

    const Pharmacology& pharmacology() const { return pharmacology_; }

private:
    static Scenario scenario(const std::vector<Treatment>& treatments) {
        Scenario s;
        s.treatments = treatments;
        return s;
    }
    static Model model() {
        Model m;
        m.species = "human";
        m.nmda.reference_potential = -65.0;
        for (ReceptorParams& r : m.receptors) r.membrane_potential = -65.0;
        return m;
    }

    Pharmacology pharmacology_;
    Tick now_ = 0;
};

double derived(Body& body, const std::string& name) {
    body.to(0.0);
    for (const DerivedNumber& d : body.pharmacology().derived())
        if (d.name == name) return d.value;
    return std::nan("");
}

TEST(Pharmacology, ABolusDecaysExponentially) {
    Body body({example()}, {dose(Route::kIv)});
    for (double t : {0.0, 0.1, 1.0, 7.5})
        EXPECT_NEAR(body.to(t).plasma(), kUmol / kVolume * std::exp(-kRate * t), 1e-11);
}

TEST(Pharmacology, TwoCompartmentsDecayInTwoExponentials) {
    Drug drug = example();
    const double peripheral = 35.0, q = 12.0;
    human(drug).volumes.push_back(peripheral);
    human(drug).exchange = {q};
    const double k12 = q / kVolume, k21 = q / peripheral, sum = kRate + k12 + k21,
                 root = std::sqrt(sum * sum - 4.0 * kRate * k21), fast = (sum + root) / 2.0,
                 slow = (sum - root) / 2.0;
    Body body({drug}, {dose(Route::kIv)});
    for (double t : {0.05, 0.6, 4.0, 20.0}) {
        const double wanted = kUmol / kVolume *
                              ((fast - k21) * std::exp(-fast * t) + (k21 - slow) * std::exp(-slow * t)) /
                              root;
        EXPECT_NEAR(body.to(t).plasma(), wanted, 1e-11) << t;
    }
}

TEST(Pharmacology, AnInfusionRisesToInputOverClearanceAndFallsWhenItStops) {
    const double over = 40.0, input = kUmol / over;
    Body body({example()}, {dose(Route::kIv, 0.0, over)});
    for (double t : {0.5, 3.0, 12.0})
        EXPECT_NEAR(body.to(t).plasma(), input / kClearance * (1.0 - std::exp(-kRate * t)), 1e-11) << t;
    EXPECT_NEAR(body.to(over).plasma(), input / kClearance, 1e-4);
    const double end = body.plasma();
    EXPECT_NEAR(body.to(over + 2.0).plasma(), end * std::exp(-kRate * 2.0), 1e-11);
}

TEST(Pharmacology, AbsorptionFollowsBatemanAfterTheLag) {
    const double ka = 1.2, available = 0.3, lag = 0.5;
    Body body({example()}, {dose(Route::kOral)});
    EXPECT_EQ(body.to(lag).plasma(), 0.0);
    for (double t : {0.2, 1.0, 6.0}) {
        const double wanted =
            available * kUmol / kVolume * ka / (ka - kRate) * (std::exp(-kRate * t) - std::exp(-ka * t));
        EXPECT_NEAR(body.to(lag + t).plasma(), wanted, 1e-11) << t;
    }
}

TEST(Pharmacology, VenousBloodAndBrainFollowThePlasmaByTheirHalfTimes) {
    Body body({example()}, {dose(Route::kIv)});
    const auto following = [](double rate, double t) {  // of a bolus, by a follower of this rate
        return kUmol / kVolume * rate / (rate - kRate) * (std::exp(-kRate * t) - std::exp(-rate * t));
    };
    for (double t : {0.02, 0.3, 2.0}) {
        body.to(t);
        EXPECT_NEAR(body.venous(), following(std::log(2.0) / kVenousHalfTime, t), 1e-11) << t;
        EXPECT_NEAR(body.brain(), kPartition * following(std::log(2.0) / kBrainHalfTime, t), 1e-11) << t;
    }
}

TEST(Pharmacology, AModelOfVenousSamplesHasNoLag) {
    Drug drug = example();
    human(drug).venous_sampling = true;
    Body body({drug}, {dose(Route::kIv)});
    EXPECT_NEAR(body.to(0.7).venous(), kUmol / kVolume * std::exp(-kRate * 0.7), 1e-11);
    EXPECT_EQ(body.plasma(), body.venous());
}

TEST(Pharmacology, TheAreaOfARouteOverThatOfABolusIsItsBioavailability) {
    // two sprays: half, then 0.3 of each passes the nose; a fifth of what is swallowed arrives
    const double nose = (0.5 + 0.5 * 0.6) / 2.0;
    const std::vector<std::pair<Route, double>> routes = {
        {Route::kOral, 0.3}, {Route::kIm, 0.9}, {Route::kNasal, nose + (1.0 - nose) * 0.2}};
    const double whole = Body({example()}, {dose(Route::kIv)}).area(60.0);
    EXPECT_NEAR(whole, kUmol / kClearance, 1e-4 * whole);
    for (const auto& [route, available] : routes) {
        Body body({example()}, {dose(route)});
        EXPECT_NEAR(body.area(60.0) / whole, available, 1e-4) << word_of(route);
        EXPECT_NEAR(derived(body, "bioavailability_a"), 100.0 * available, 1e-9) << word_of(route);
        EXPECT_NEAR(derived(body, "clearance_a"), kClearance, 1e-9) << word_of(route);
    }
}

TEST(Pharmacology, WhatIsInTheBodyAndWhatWasClearedIsTheDose) {
    for (double t : {0.5, 3.0, 10.0}) {
        Body body({example()}, {dose(Route::kIv)});
        const double cleared = kClearance * body.area(t);
        EXPECT_NEAR(kVolume * body.plasma() + cleared, kUmol, 1e-5 * kUmol) << t;
    }
}

TEST(Pharmacology, AMetaboliteHasTheAreaOfTheFormedAmountOverItsClearance) {
    Drug product = example("b");
    human(product).clearance = 8.0;
    for (u32 stages : {1U, 3U}) {
        Body body({with_metabolite(example(), 0.6, 1, 0.4, stages), product}, {dose(Route::kOral)});
        const double arrived = 0.3 * kUmol;
        EXPECT_NEAR(body.area(100.0, 1), 0.6 * arrived / 8.0, 1e-4 * arrived / 8.0) << stages;
        EXPECT_NEAR(derived(body, "auc_ratio_b_a"), 0.6 * kClearance / 8.0, 1e-9) << stages;
        EXPECT_NEAR(derived(body, "clearance_a"), kClearance, 1e-9) << "a metabolite takes its share of CL";
    }
}

TEST(Pharmacology, AMetaboliteComesLaterByTheTransitTime) {  // mean times of a chain add up
    Drug product = example("b");
    human(product).clearance = 8.0;
    for (u32 stages : {1U, 3U}) {
        const std::vector<Drug> drugs = {with_metabolite(example(), 0.6, 1, 0.4, stages), product};
        const double mean = Body(drugs, {dose(Route::kIv)}).area(120.0, 1, 1.0) /
                            Body(drugs, {dose(Route::kIv)}).area(120.0, 1);
        EXPECT_NEAR(mean, 1.0 / kRate + 0.4 + kVolume / 8.0, 1e-3) << stages;
    }
}

TEST(Pharmacology, AMetaboliteThatArisesOnTwoWaysGetsBoth) {  // a -> b, and a -> c -> b
    Drug parent = with_metabolite(with_metabolite(example("a"), 0.5, 1), 0.2, 2);
    Body body({parent, example("b"), with_metabolite(example("c"), 0.7, 1)}, {dose(Route::kIv)});
    EXPECT_NEAR(derived(body, "auc_ratio_c_a"), 0.2, 1e-9);
    EXPECT_NEAR(derived(body, "auc_ratio_b_a"), 0.5 + 0.2 * 0.7, 1e-9);
}

TEST(Pharmacology,
     AMetaboliteThatTurnsBackIsTheDrugAgain) {  // a -> b -> a: areas a = D/CL + 0.5 b, b = 0.4 a
    Body body({with_metabolite(example("a"), 0.4, 1), with_metabolite(example("b"), 0.5, 0)},
              {dose(Route::kIv)});
    EXPECT_NEAR(derived(body, "auc_ratio_b_a"), 0.4, 1e-9);
    EXPECT_NEAR(body.area(120.0), kUmol / kClearance / (1.0 - 0.4 * 0.5), 1e-3);
}

TEST(Pharmacology, DosesSuperpose) {
    for (const Route route : {Route::kIv, Route::kOral, Route::kNasal}) {
        Body both({example()}, {dose(route), dose(route, 2.0)}), one({example()}, {dose(route)}),
            later({example()}, {dose(route, 2.0)});
        for (double t : {1.0, 2.5, 6.0}) {
            EXPECT_NEAR(both.to(t).plasma(), one.to(t).plasma() + later.to(t).plasma(), 1e-11)
                << word_of(route) << t;
            EXPECT_NEAR(both.brain(), one.brain() + later.brain(), 1e-11) << word_of(route) << t;
        }
    }
}

TEST(Pharmacology, ASmallerBodyClearsByItsWeightToThreeQuartersAndSpreadByItsDraw) {
    Drug drug = example();
    human(drug).volume_variance = 0.04;
    human(drug).clearance_variance = 0.09;
    Body body({drug}, {dose(Route::kIv)}, {35.0, 1.0, -2.0});
    const double volume = kVolume * 0.5 * std::exp(0.2),
                 clearance = kClearance * std::pow(0.5, 0.75) * std::exp(-0.6);
    EXPECT_NEAR(body.to(3.0).plasma(), kUmol / volume * std::exp(-clearance / volume * 3.0), 1e-11);
}

}  // namespace
}  // namespace respine
