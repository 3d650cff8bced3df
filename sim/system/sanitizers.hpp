// Whether a sanitizer watches this build: it has an allocator and handlers of signals of its own.
#pragma once

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define RESPINE_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define RESPINE_SANITIZED 1
#endif
#endif
#ifndef RESPINE_SANITIZED
#define RESPINE_SANITIZED 0
#endif
