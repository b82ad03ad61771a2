libpenstock_a_SOURCES += \
	src/base/alive.c src/base/alive.h \
	src/base/certificate.c src/base/certificate.h \
	src/base/clock.c src/base/clock.h \
	src/base/decimal.c src/base/decimal.h \
	src/base/error.c src/base/error.h \
	src/base/file.c src/base/file.h \
	src/base/i18n.h \
	src/base/json.c src/base/json.h src/base/json_number.c src/base/json_out.c src/base/json_scan.c src/base/json_scan.h \
	src/base/library.c src/base/library.h \
	src/base/lockfile.c src/base/lockfile.h \
	src/base/log.c src/base/log.h \
	src/base/loopback.c src/base/loopback.h \
	src/base/mem.c src/base/mem.h \
	src/base/runtime.c src/base/runtime.h \
	src/base/str.c src/base/str.h \
	src/base/text.c src/base/text.h \
	src/base/vec.c src/base/vec.h
