// Linear response of the fast network around its present state: how weak private noise, and a weak input,
// move the rates.
//
//   tau_i d(dr_i)/dt = -dr_i + sum_j J_ij dr_j + g_i xi_i
//   J_ij = g_i c_ij,    g_i = 2 k_t [x_i]+ = 2 sqrt(k_t r_i)
//   c_ij = F_i alpha_i w_ij (plastic E to E),  F_i w_ij (other excitation),  -phi_i w_ij (inhibition)
//   <xi_i(t) xi_j(t')> = N delta_ij delta(t - t')
//
// Over windows much longer than tau, covariance of the mean rates times the length of the window:
//
//   C = B B^T,    B = (I - J)^-1 G sqrt(N)
//   1_a^T C 1_b = (B^T 1_a) . (B^T 1_b)          sums over populations, exact
//   C_ii, |C|^2 by probes z of random signs:     E[z_i (C z)_i] = C_ii,  E[(C z)_i^2] = sum_j C_ij^2
//   a weak steady input h:                        dr = (I - J)^-1 G h
//
//   r     rate [Hz]            x    input [1]           k   gain [Hz]
//   g     slope [Hz]           w    weight [1/Hz]       F, alpha, phi as in rates.hpp
//   N     noise of the input [s]                        C   [Hz^2 s]
//
// No matrix is inverted: systems with I - J and its transpose are solved by GMRES over the rows of synapses,
// in double precision, one right-hand side at a time and every sum in one order.
// Sources: linear response of coupled neurons, Lindner et al. 2005, 10.1103/PhysRevE.72.061919; Trousdale et
// al. 2012, 10.1371/journal.pcbi.1002408; Pernice et al. 2011, 10.1371/journal.pcbi.1002059; dimensionality,
// Dahmen et al. 2022, 10.1101/2020.11.02.365072; random probes, Hutchinson 1989, 10.1080/03610918908812806;
// GMRES, Saad & Schultz 1986, 10.1137/0907058. Values: configs/models/*.yaml.
#pragma once

#include <span>

#include "kernels/activity/rates.hpp"
#include "kernels/numerics/parameter.hpp"
#include "kernels/numerics/types.hpp"

namespace respine {

struct CoordinationParams {
    double noise;  // N [s]
};
inline constexpr Parameter<CoordinationParams> kCoordinationParameters[] = {
    {"noise", "s", &CoordinationParams::noise, 1e-9, 10,
     "white noise on the input of each neuron, for the coordination of activity; correlations and "
     "dimensionality do not depend on it"},
};

// A sparse matrix by rows; an entry may be given in several parts.
struct LinearRows {
    std::span<const u64> begin;  // rows + 1
    std::span<const u32> source;
    std::span<const float> weight;
    size_t rows() const { return begin.size() - 1; }
};

// The same matrix by columns, each in the order of its rows. `begin` is of size columns + 1, the others are
// as long as those of `matrix`.
void transpose_rows(const LinearRows& matrix, std::span<u64> begin, std::span<u32> source,
                    std::span<float> weight);

// g of neurons that fire at these rates.
double rate_slope(double gain, double rate);

inline constexpr size_t kKrylovDepth = 40;

// Room for one solve over n neurons: kKrylovDepth + 1 vectors.
struct KrylovSpace {
    std::span<double> basis;     // (kKrylovDepth + 1) n
    std::span<double> residual;  // n
};

// Solves (I - J) y = right for y, from y = 0. Returns the relative residual that was reached, at most
// `tolerance` unless it does not converge.
double solve_response(const LinearRows& j, std::span<const double> right, double tolerance,
                      const KrylovSpace& space, std::span<double> y);

// J and its transpose, and g sqrt(N) of each neuron.
struct NoisyNetwork {
    LinearRows j, transposed;
    std::span<const double> noise;
};

// B^T z, and C z = B (B^T z). Both return the larger relative residual of their solves.
double noise_behind(const NoisyNetwork& net, std::span<const double> z, double tolerance,
                    const KrylovSpace& space, std::span<double> behind);
double covariance_times(const NoisyNetwork& net, std::span<const double> z, double tolerance,
                        const KrylovSpace& space, std::span<double> behind, std::span<double> product);

// Random signs on the neurons [first, last), one set for each probe.
void draw_signs(u64 seed, u32 probe, size_t first, size_t last, std::span<double> z);

// Sum of products in eight interleaved parts, added in a fixed order.
double dot(std::span<const double> a, std::span<const double> b);

}  // namespace respine
