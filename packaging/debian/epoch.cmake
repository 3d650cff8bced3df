# Read by cpack before it begins (CPACK_PROJECT_CONFIG_FILE): packages have the time of their sources.
if(NOT DEFINED ENV{SOURCE_DATE_EPOCH})
  set(ENV{SOURCE_DATE_EPOCH} ${CPACK_RESPINE_EPOCH})
endif()
