# Debian packages by cpack: the program with its data, the Python module, the manual. The same sources give
# the same bytes, in any folder (scripts/debian-package --twice). The preset `debian` hardens as Debian does.
set(RESPINE_MAINTAINER "respine contributors <respine@respine.invalid>" CACHE STRING
    "whom the users of a package write to")

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME respine)
set(CPACK_PACKAGE_CONTACT "${RESPINE_MAINTAINER}")
set(CPACK_DEBIAN_PACKAGE_RELEASE 0upstream1)  # older than any that Debian would make itself
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_COMPRESSION_TYPE gzip)  # until it is packed for good, as xz (packaging/debian/repack)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_COMPONENTS_ALL program doc)
set(package_version ${PROJECT_VERSION}-${CPACK_DEBIAN_PACKAGE_RELEASE})

set(about "Respine simulates the chain by which a brief block of NMDA receptors
(minutes) is thought to become new synapses (days) that fade again (weeks):
drug, receptor block, disinhibition, glutamate, AMPA, BDNF, mTORC1, and
synapses that form and fade, in a network of many different neurons.

It is a research and teaching tool about mechanisms, never medical advice.")
set(CPACK_DEBIAN_PROGRAM_PACKAGE_NAME respine)
set(CPACK_DEBIAN_PROGRAM_PACKAGE_SECTION science)
set(CPACK_DEBIAN_PROGRAM_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PROGRAM_PACKAGE_RECOMMENDS "python3-h5py, python3-matplotlib")
# The last three are for respine infer, the second opens pages.
set(CPACK_DEBIAN_PROGRAM_PACKAGE_SUGGESTS
    "respine-doc, xdg-utils, python3-sklearn, python3-emcee, python3-pandas")
set(CPACK_DEBIAN_PROGRAM_DESCRIPTION "simulator of how ketamine regrows synapses\n${about}")

set(CPACK_DEBIAN_DOC_PACKAGE_NAME respine-doc)
set(CPACK_DEBIAN_DOC_PACKAGE_SECTION doc)
set(CPACK_DEBIAN_DOC_PACKAGE_ARCHITECTURE all)
set(CPACK_DEBIAN_DOC_DESCRIPTION "simulator of how ketamine regrows synapses (manual)\n${about}

This package holds the manual, as Markdown with figures.")

if(RESPINE_PYTHON)
  list(APPEND CPACK_COMPONENTS_ALL python)
  math(EXPR Python_NEXT_MINOR "${Python_VERSION_MINOR} + 1")
  set(CPACK_DEBIAN_PYTHON_PACKAGE_NAME python3-respine)
  set(CPACK_DEBIAN_PYTHON_PACKAGE_SECTION python)
  set(CPACK_DEBIAN_PYTHON_PACKAGE_SHLIBDEPS ON)
  set(python_from ${Python_VERSION_MAJOR}.${Python_VERSION_MINOR})
  set(python_below ${Python_VERSION_MAJOR}.${Python_NEXT_MINOR})
  string(CONCAT CPACK_DEBIAN_PYTHON_PACKAGE_DEPENDS "respine (= ${package_version}), python3-numpy, "
    "python3 (>= ${python_from}), python3 (<< ${python_below})")
  set(CPACK_DEBIAN_PYTHON_PACKAGE_RECOMMENDS
    "python3-scipy, python3-h5py, python3-pandas, python3-xarray, python3-h5netcdf")
  set(CPACK_DEBIAN_PYTHON_PACKAGE_CONTROL_EXTRA "${CMAKE_SOURCE_DIR}/packaging/debian/python/postinst"
    "${CMAKE_SOURCE_DIR}/packaging/debian/python/prerm")
  set(CPACK_DEBIAN_PYTHON_DESCRIPTION "simulator of how ketamine regrows synapses (Python 3)\n${about}

This package holds the module: scenarios, simulations to step through, runs.")
endif()

set(CPACK_RESPINE_SOURCE ${CMAKE_SOURCE_DIR})
set(CPACK_RESPINE_BUILD ${CMAKE_BINARY_DIR})
set(CPACK_RESPINE_EPOCH ${RESPINE_EPOCH})
set(CPACK_PROJECT_CONFIG_FILE ${CMAKE_SOURCE_DIR}/packaging/debian/epoch.cmake)
set(CPACK_PRE_BUILD_SCRIPTS ${CMAKE_SOURCE_DIR}/packaging/debian/stage.cmake)
set(CPACK_POST_BUILD_SCRIPTS ${CMAKE_SOURCE_DIR}/packaging/debian/repack.cmake)
include(CPack)
